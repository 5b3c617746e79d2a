//! Whether the data has changed: the last drift report, for people who are no statisticians.

use std::sync::Arc;

use drift::{Bars, Bin, Feature, Kind, Status};
use model_file::{DescribedFeature, Description};

use crate::{apis::Report, words::Words};

/// A report, drawn.
#[derive(Debug)]
pub struct Change {
    pub class: &'static str,
    pub says: &'static str,
    pub rows: String,
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
    /// Rows without a value, if there are any.
    pub missing: Option<String>,
    pub bars: Vec<Bar>,
    pub ticks: Vec<(f64, String)>,
    /// The share at the top of the picture.
    pub top: String,
}

/// A bin: its name, of what was learnt from and of what was asked lately the share in words, and their bars.
#[derive(Debug)]
pub struct Bar {
    pub name: String,
    pub shares: [String; 2],
    pub drawn: Bars,
}

impl Change {
    /// That of a report.
    pub fn of(report: &Report, model: Option<&Arc<Description>>, words: &Words) -> Self {
        let drift = &report.drift;
        let described = |name: &str| model?.features.iter().find(|feature| feature.name == name);
        let says = match drift.status {
            Status::Drift => words.drift_yes,
            Status::NoDrift => words.drift_no,
            Status::NotEnoughData => words.drift_few,
        };
        let mut features: Vec<_> =
            drift.features.iter().map(|feature| part(feature, described(&feature.name), words)).collect();
        // What has changed is what people came for.
        features.sort_by_key(|part| !part.open);
        Self {
            class: class(drift.status),
            says,
            rows: words.count(drift.rows),
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

fn part(feature: &Feature, described: Option<&DescribedFeature>, words: &Words) -> Part {
    let picture = feature.picture();
    let bar = |(bin, drawn): (&Bin, Bars)| {
        // What a category's value is called.
        let value = bin.value.as_deref();
        let value = value.map(|value| described.map_or(value, |feature| feature.shown_value(value)));
        Bar { name: name(bin, value, words), shares: drawn.shares.map(|share| words.percent(share)), drawn }
    };
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
        name: described.map_or(&*feature.name, DescribedFeature::shown).to_owned(),
        class: class(feature.status),
        says,
        open: feature.status == Status::Drift,
        category: feature.kind == Kind::Category,
        numbers: feature.comparison.map(numbers),
        missing: (feature.missing > 0).then(|| words.count(feature.missing)),
        bars: picture.bars.into_iter().map(bar).collect(),
        ticks: picture.ticks.into_iter().map(|(x, from)| (x, number(from, words))).collect(),
        top: words.percent(picture.highest),
    }
}

fn name(bin: &Bin, value: Option<&str>, words: &Words) -> String {
    match (value, bin.from, bin.to) {
        (Some(value), ..) => value.to_owned(),
        (None, None, None) => words.never_learnt.to_owned(),
        (None, None, Some(to)) => format!("{} {}", words.below, number(to, words)),
        (None, Some(from), None) => format!("{} {}", words.above, number(from, words)),
        (None, Some(from), Some(to)) => format!("{} {} {}", number(from, words), words.to, number(to, words)),
    }
}

/// Four digits, and no more noughts than it has.
fn number(value: f64, words: &Words) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few digits")]
    let decimals = (3.0 - value.abs().max(1e-9).log10().floor()).clamp(0.0, 9.0) as usize;
    words.number(value, decimals)
}
