//! Whether the data has changed: the last drift report, for people who are no statisticians.

use drift::{Bin, Feature, Kind, Status};

use crate::{apis::Report, words::Words};

/// Inside of a picture, in its own units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 150.0;

/// A report, drawn.
#[derive(Debug)]
pub struct Change {
    pub class: &'static str,
    pub says: &'static str,
    pub rows: u64,
    pub version: String,
    pub created: String,
    pub features: Vec<Part>,
}

/// A feature.
#[derive(Debug)]
pub struct Part {
    pub name: String,
    pub class: &'static str,
    pub says: &'static str,
    /// Whether something is to be seen at once.
    pub open: bool,
    pub category: bool,
    /// Population stability index, and the corrected p-value.
    pub numbers: Option<[String; 2]>,
    pub missing: u64,
    pub bars: Vec<Bar>,
    pub ticks: Vec<(f64, String)>,
    /// The share at the top of the picture.
    pub top: String,
}

/// A bin: of what was learnt from and of what was asked lately the share, in words and as a bar.
#[derive(Debug)]
pub struct Bar {
    pub name: String,
    pub shares: [String; 2],
    pub x: [f64; 2],
    pub y: [f64; 2],
    pub height: [f64; 2],
    pub width: f64,
    /// Percent of the longest, for bars that lie.
    pub long: [f64; 2],
}

impl Change {
    /// That of a report.
    pub fn of(report: &Report, words: &Words) -> Self {
        let drift = &report.drift;
        let says = match drift.status {
            Status::Drift => words.drift_yes,
            Status::NoDrift => words.drift_no,
            Status::NotEnoughData => words.drift_few,
        };
        let mut features: Vec<_> = drift.features.iter().map(|feature| part(feature, words)).collect();
        // What has changed is what people came for.
        features.sort_by_key(|part| !part.open);
        Self {
            class: class(drift.status),
            says,
            rows: drift.rows,
            version: report.version.clone(),
            created: report.created.clone(),
            features,
        }
    }
}

fn class(status: Status) -> &'static str {
    match status {
        Status::Drift => "changed",
        Status::NoDrift => "calm",
        Status::NotEnoughData => "few",
    }
}

fn part(feature: &Feature, words: &Words) -> Part {
    // What nobody is in has no bar: most windows have nothing outside of the range that was learnt from.
    let outside = |bin: &&Bin| bin.from.is_none() || bin.to.is_none();
    let bins: Vec<&Bin> = feature.bins.iter().filter(|bin| !outside(bin) || bin.reference + bin.window > 0).collect();
    let sizes = [feature.reference, feature.window];
    let highest = bins.iter().flat_map(|bin| shares(bin, sizes)).fold(0.0_f64, f64::max).max(1e-9);
    let says = match feature.status {
        Status::Drift => words.feature_changed,
        Status::NoDrift => words.feature_calm,
        Status::NotEnoughData => words.feature_few,
    };
    let numbers = |compared: drift::Comparison| {
        let p = compared.corrected_p_value;
        let p = if p < 0.001 { format!("< {}", words.number(0.001, 3)) } else { words.number(p, 3) };
        [words.number(compared.psi, 3), p]
    };
    Part {
        name: feature.name.clone(),
        class: class(feature.status),
        says,
        open: feature.status == Status::Drift,
        category: feature.kind == Kind::Category,
        numbers: feature.comparison.map(numbers),
        missing: feature.missing,
        bars: bins.iter().enumerate().map(|(place, bin)| bar(bin, place, bins.len(), sizes, highest, words)).collect(),
        ticks: ticks(&bins, words),
        top: words.percent(highest),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn shares(bin: &Bin, sizes: [u64; 2]) -> [f64; 2] {
    [bin.reference as f64 / sizes[0].max(1) as f64, bin.window as f64 / sizes[1].max(1) as f64]
}

#[expect(clippy::cast_precision_loss, reason = "a few bins")]
fn bar(bin: &Bin, place: usize, count: usize, sizes: [u64; 2], highest: f64, words: &Words) -> Bar {
    let shares = shares(bin, sizes);
    let room = WIDTH / count as f64;
    // The two stand side by side, with a gap to the next pair.
    let (left, width) = (place as f64 * room, room * 0.42);
    let height = shares.map(|share| share / highest * HEIGHT);
    Bar {
        name: name(bin, words),
        shares: shares.map(|share| words.percent(share)),
        x: [left + room * 0.08, left + room * 0.5],
        y: height.map(|height| HEIGHT - height),
        height,
        width,
        long: shares.map(|share| share / highest * 100.0),
    }
}

fn name(bin: &Bin, words: &Words) -> String {
    match (&bin.value, bin.from, bin.to) {
        (Some(word), ..) => word.clone(),
        (None, None, None) => words.never_learnt.to_owned(),
        (None, None, Some(to)) => format!("{} {}", words.below, number(to, words)),
        (None, Some(from), None) => format!("{} {}", words.above, number(from, words)),
        (None, Some(from), Some(to)) => format!("{} {} {}", number(from, words), words.to, number(to, words)),
    }
}

/// Where the picture's bins begin, five or so of them.
#[expect(clippy::cast_precision_loss, reason = "a few bins")]
fn ticks(bins: &[&Bin], words: &Words) -> Vec<(f64, String)> {
    let (room, every) = (WIDTH / bins.len().max(1) as f64, bins.len().div_ceil(5).max(1));
    let begins = bins.iter().enumerate().filter_map(|(place, bin)| Some((place, bin.from?)));
    let inner = begins.enumerate().filter(|(count, _)| count % every == 0);
    inner.map(|(_, (place, from))| (place as f64 * room, number(from, words))).collect()
}

/// Four digits, and no more noughts than it has.
fn number(value: f64, words: &Words) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few digits")]
    let decimals = (3.0 - value.abs().max(1e-9).log10().floor()).clamp(0.0, 9.0) as usize;
    words.number(value, decimals)
}
