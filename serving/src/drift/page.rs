//! The report as one page of HTML: no script, nothing from elsewhere, light and dark, and every picture also as a table.

use askama::Template;
use drift::{Bin, Feature, Kind, Status};

use super::{
    Report,
    table::{p_value, says, test},
};

/// Inside of a picture, in its own units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 150.0;

#[derive(Template)]
#[template(path = "drift.html")]
struct Page<'a> {
    report: &'a Report,
    says: String,
    class: &'static str,
    remarks: Vec<String>,
    features: Vec<Part<'a>>,
}

/// What is shown of a feature.
struct Part<'a> {
    feature: &'a Feature,
    status: &'static str,
    class: &'static str,
    test: &'static str,
    numbers: Option<[String; 5]>,
    bars: Vec<Bar>,
    ticks: Vec<(f64, String)>,
    /// The share at the top of the picture.
    top: String,
    category: bool,
}

/// A bin: its name, and of reference and window the share in words and the bar from the bottom of the picture.
struct Bar {
    name: String,
    shares: [String; 2],
    x: [f64; 2],
    y: [f64; 2],
    height: [f64; 2],
    width: f64,
    /// The same in shares of the longest, for bars that lie.
    long: [f64; 2],
}

/// The page.
pub fn page(report: &Report) -> String {
    let features = report.drift.features.iter().map(part).collect();
    let page =
        Page { report, says: report.says(), class: class(report.drift.status), remarks: report.remarks(), features };
    // Writing into memory does not fail.
    page.render().unwrap_or_default() + "\n"
}

fn class(status: Status) -> &'static str {
    match status {
        Status::Drift => "drift",
        Status::NoDrift => "calm",
        Status::NotEnoughData => "unknown",
    }
}

fn part(feature: &Feature) -> Part<'_> {
    let numbers = feature.comparison.map(|compared| {
        [
            format!("{:.3}", compared.statistic),
            p_value(compared.p_value),
            p_value(compared.corrected_p_value),
            format!("{:.3}", compared.psi),
            format!("{:.3}", compared.jensen_shannon),
        ]
    });
    // What nobody is in has no bar: most windows have nothing outside of the reference's range.
    let outside = |bin: &&Bin| bin.from.is_none() || bin.to.is_none();
    let shown = |bin: &&Bin| !outside(bin) || bin.reference + bin.window > 0;
    let bins: Vec<&Bin> = feature.bins.iter().filter(shown).collect();
    let sizes = [feature.reference, feature.window];
    let highest = bins.iter().flat_map(|bin| shares(bin, sizes)).fold(0.0_f64, f64::max).max(1e-9);
    Part {
        feature,
        status: says(feature.status),
        class: class(feature.status),
        test: feature.comparison.map_or("-", |compared| test(compared.test)),
        numbers,
        bars: bins.iter().enumerate().map(|(place, bin)| bar(bin, place, bins.len(), sizes, highest)).collect(),
        ticks: ticks(&bins),
        top: percent(highest),
        category: feature.kind == Kind::Category,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn shares(bin: &Bin, sizes: [u64; 2]) -> [f64; 2] {
    [bin.reference as f64 / sizes[0].max(1) as f64, bin.window as f64 / sizes[1].max(1) as f64]
}

#[expect(clippy::cast_precision_loss, reason = "a few bins")]
fn bar(bin: &Bin, place: usize, count: usize, sizes: [u64; 2], highest: f64) -> Bar {
    let shares = shares(bin, sizes);
    let room = WIDTH / count as f64;
    // The two stand side by side, with a gap to the next pair.
    let (left, width) = (place as f64 * room, room * 0.42);
    let height = shares.map(|share| share / highest * HEIGHT);
    Bar {
        name: name(bin),
        shares: shares.map(percent),
        x: [left + room * 0.08, left + room * 0.5],
        y: height.map(|height| HEIGHT - height),
        height,
        width,
        long: shares.map(|share| share / highest),
    }
}

fn name(bin: &Bin) -> String {
    match (&bin.value, bin.from, bin.to) {
        (Some(word), ..) => word.clone(),
        (None, None, None) => "not in the reference".to_owned(),
        (None, None, Some(to)) => format!("below {}", number(to)),
        (None, Some(from), None) => format!("above {}", number(from)),
        (None, Some(from), Some(to)) => format!("{} to {}", number(from), number(to)),
    }
}

/// Where the picture's bins end, five or so of them, and what is outside.
#[expect(clippy::cast_precision_loss, reason = "a few bins")]
fn ticks(bins: &[&Bin]) -> Vec<(f64, String)> {
    let (room, every) = (WIDTH / bins.len().max(1) as f64, bins.len().div_ceil(5).max(1));
    let begins = bins.iter().enumerate().filter_map(|(place, bin)| Some((place, bin.from?)));
    let inner = begins.enumerate().filter(|(count, _)| count % every == 0);
    inner.map(|(_, (place, from))| (place as f64 * room, number(from))).collect()
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Four digits, and no more noughts than it has.
fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few digits")]
    let decimals = (3.0 - value.abs().log10().floor()).clamp(0.0, 9.0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
