//! Errors and slow answers, by how fast they use up what the objective leaves room for.
//!
//! Windows and factors are those of "The Site Reliability Workbook", chapter 5, "Multiwindow, Multi-Burn-Rate Alerts"
//! (<https://sre.google/workbook/alerting-on-slos/>): 2 % of 30 days' budget in an hour or 5 % in six wakes somebody, 10 % in three
//! days waits for the morning. The short window, a twelfth, ends the alert soon after the trouble. Where few ask, one
//! failure is a large share: fewer than [`FEWEST`] in the long window raise nothing. No request at all is no ratio, and no alert.

use super::{Rule, Severity, series_of};
use crate::{
    monitoring::{Share, WatchedApi},
    serving,
};

/// Bad answers in the long window below which nobody is told.
const FEWEST: u32 = 10;

/// Long and short window, and how many times faster than allowed the budget burns.
const WINDOWS: [(&str, &str, f64, Severity); 3] = [
    ("1h", "5m", 14.4, Severity::Critical),
    ("6h", "30m", 6.0, Severity::Critical),
    ("3d", "6h", 1.0, Severity::Warning),
];

/// Each window once, the shortest first.
const RECORDED: [&str; 5] = ["5m", "30m", "1h", "6h", "3d"];

/// What is bad, and how often it may be.
struct Indicator {
    alert: &'static str,
    /// The ratio of bad answers is recorded under this name and the window's.
    series: &'static str,
    budget: Share,
    /// Counters of bad and of all answers, between them and the window stands nothing.
    bad: fn(&Selectors, window: &str, function: &str) -> String,
    summary: String,
    what: String,
}

/// What selects the answers to predictions.
struct Selectors {
    all: String,
    le: String,
}

pub fn rules(api: &WatchedApi) -> Vec<Rule> {
    let WatchedApi { workload, namespace, objective, .. } = api;
    let all = format!(r#"{}, path=~"{}""#, series_of(workload, namespace), serving::PREDICTIONS);
    // Prometheus 3 reads `10` and keeps `10.0`.
    let le = objective.latency.seconds();
    let le = if le.contains('.') { format!(r#"le="{le}""#) } else { format!(r#"le=~"{le}(\\.0)?""#) };
    let selectors = Selectors { all, le };
    let indicators = [
        Indicator {
            alert: "HighErrorRate",
            series: "job:prediction_errors:ratio_rate",
            budget: objective.availability,
            bad: errors,
            summary: format!("{workload} answers with errors"),
            what: format!("fail; {} % are promised to be answered", objective.availability),
        },
        Indicator {
            alert: "HighLatency",
            series: "job:slow_predictions:ratio_rate",
            budget: objective.latency_ratio,
            bad: slow,
            summary: format!("{workload} answers slowly"),
            what: format!(
                "take longer than {}; {} % are promised to be answered within it",
                objective.latency, objective.latency_ratio
            ),
        },
    ];
    let of = series_of(workload, namespace);
    let recorded = indicators.iter().flat_map(|indicator| recorded(indicator, &selectors));
    let alerts = indicators.iter().flat_map(|indicator| alerts(indicator, &selectors, &of));
    recorded.chain(alerts).collect()
}

/// Errors of the server's; a series of them exists only after the first.
fn errors(Selectors { all, .. }: &Selectors, window: &str, function: &str) -> String {
    format!(
        "(sum({function}(http_requests_total{{{all}, status=~\"5..\"}}[{window}])) \
         or 0 * sum({function}(http_requests_total{{{all}}}[{window}])))"
    )
}

fn slow(Selectors { all, le }: &Selectors, window: &str, function: &str) -> String {
    format!(
        "(sum({function}(http_request_duration_seconds_count{{{all}}}[{window}])) \
         - sum({function}(http_request_duration_seconds_bucket{{{all}, {le}}}[{window}])))"
    )
}

fn recorded(indicator: &Indicator, selectors: &Selectors) -> impl Iterator<Item = Rule> {
    RECORDED.into_iter().map(|window| {
        let bad = (indicator.bad)(selectors, window, "rate");
        let all = format!("sum(rate(http_requests_total{{{}}}[{window}]))", selectors.all);
        Rule::record(format!("{}{window}", indicator.series), format!("{bad}\n  / ({all} > 0)"))
    })
}

fn alerts(indicator: &Indicator, selectors: &Selectors, of: &str) -> impl Iterator<Item = Rule> {
    let Indicator { alert, series, budget, bad, summary, what } = indicator;
    WINDOWS.into_iter().map(move |(long, short, factor, severity)| {
        let limit = format!("{factor} * {}", budget.budget());
        let expr = format!(
            "{series}{long}{{{of}}} > {limit}\n  \
             and {series}{short}{{{of}}} > {limit}\n  \
             and on () {} >= {FEWEST}",
            bad(selectors, long, "increase"),
        );
        let share = "{{ $value | humanizePercentage }}";
        Rule::alert(alert, severity, expr)
            .with("window", long)
            .says(summary, format!("{share} of the predictions of the last {long} {what}."))
    })
}
