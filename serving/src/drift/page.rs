//! The report as one page of HTML: no script, nothing from elsewhere, light and dark, and every picture also as a table.

use askama::Template;
use drift::{Bars, Bin, Feature, Kind, Status};

use super::{
    Report,
    table::{p_value, says, test},
};

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

/// A bin: its name, of reference and window the share in words, and their bars.
struct Bar {
    name: String,
    shares: [String; 2],
    drawn: Bars,
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
    let picture = feature.picture();
    let bar = |(bin, drawn): (&Bin, Bars)| Bar { name: name(bin), shares: drawn.shares.map(percent), drawn };
    Part {
        feature,
        status: says(feature.status),
        class: class(feature.status),
        test: feature.comparison.map_or("-", |compared| test(compared.test)),
        numbers,
        bars: picture.bars.into_iter().map(bar).collect(),
        ticks: picture.ticks.into_iter().map(|(x, from)| (x, number(from))).collect(),
        top: percent(picture.highest),
        category: feature.kind == Kind::Category,
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
