//! Predictions that were to be kept and are lost.

use super::{Rule, Severity, series_of};
use crate::monitoring::WatchedApi;

pub fn rules(api: &WatchedApi) -> Vec<Rule> {
    let WatchedApi { workload, namespace, prediction_log, .. } = api;
    let of = series_of(workload, namespace);
    let expr =
        format!(r#"sum by (job, namespace) (increase(prediction_log_rows_total{{{of}, state="dropped"}}[15m])) > 0"#);
    let dropping = Rule::alert("PredictionLogDropping", Severity::Warning, expr).says(
        format!("{workload} loses rows of its prediction log"),
        "{{ $value | humanize }} predictions of the last quarter of an hour are answered and not kept: \
         drift is judged without them.",
    );
    if *prediction_log { vec![dropping] } else { Vec::new() }
}
