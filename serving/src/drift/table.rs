//! The report for a terminal.

use std::fmt::Write;

use drift::{Feature, Status, Test};

use super::Report;

const HEADER: [&str; 8] = ["FEATURE", "STATUS", "TEST", "STATISTIC", "P-VALUE", "CORRECTED", "PSI", "JS"];

/// A line that says it all, a table of features, and remarks.
pub fn table(report: &Report) -> String {
    let drift = &report.drift;
    let mut text = format!("{}, version {}: {}\n", report.model, report.version, report.says());
    let span = match (&report.window.since, &report.window.until) {
        (Some(since), Some(until)) => format!(", {since} to {until}"),
        _ => String::new(),
    };
    let _ = writeln!(text, "{} rows of {}{span}\n", drift.rows, report.window.source);
    let rows: Vec<[String; 8]> = drift.features.iter().map(row).collect();
    let header = HEADER.map(str::to_owned);
    let lines = || std::iter::once(&header).chain(&rows);
    let width = |column: usize| lines().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..HEADER.len()).map(width).collect();
    for row in lines() {
        // Words to the left, numbers to the right.
        let cell = |(column, cell): (usize, &String)| {
            let width = widths[column];
            if column < 3 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        };
        let cells: Vec<String> = row.iter().enumerate().map(cell).collect();
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
    }
    for remark in report.remarks() {
        let _ = write!(text, "\n{remark}");
    }
    if !report.remarks().is_empty() {
        text.push('\n');
    }
    text
}

fn row(feature: &Feature) -> [String; 8] {
    let status = says(feature.status).to_owned();
    let Some(compared) = feature.comparison else {
        let none = || "-".to_owned();
        return [feature.name.clone(), status, none(), none(), none(), none(), none(), none()];
    };
    [
        feature.name.clone(),
        status,
        test(compared.test).to_owned(),
        format!("{:.3}", compared.statistic),
        p_value(compared.p_value),
        p_value(compared.corrected_p_value),
        format!("{:.3}", compared.psi),
        format!("{:.3}", compared.jensen_shannon),
    ]
}

/// A status in words.
pub(super) fn says(status: Status) -> &'static str {
    match status {
        Status::Drift => "drift",
        Status::NoDrift => "no drift",
        Status::NotEnoughData => "not enough data",
    }
}

/// A test in short.
pub(super) fn test(test: Test) -> &'static str {
    match test {
        Test::KolmogorovSmirnov => "KS",
        Test::ChiSquare => "chi-square",
    }
}

/// Small ones by their size.
pub(super) fn p_value(p: f64) -> String {
    if p == 0.0 || p >= 0.001 { format!("{p:.3}") } else { format!("{p:.0e}") }
}
