//! The registry, its versions, and whether what is asked still looks like what was trained on.

use std::time::Duration;

use super::{Rule, Severity, duration, series_of};
use crate::monitoring::{WatchedApi, WatchedDrift};

pub fn rules(api: &WatchedApi) -> Vec<Rule> {
    let of = series_of(&api.workload, &api.namespace);
    let mut rules = vec![unreachable(api, &of), refused(api, &of)];
    if let Some(drift) = &api.drift {
        rules.extend([drifts(api, &of), report_old(api, drift, &of), report_missing(api, drift, &of)]);
    }
    rules
}

/// The registry is asked every fifteen seconds, at most every minute while it is away. Before the first answer the time is 0: at the
/// first deployment a registry may start after its clients.
fn unreachable(api: &WatchedApi, of: &str) -> Rule {
    let WatchedApi { model, workload, .. } = api;
    let expr = format!("time() - max by (job, namespace) (registry_last_poll_timestamp_seconds{{{of}}}) > 120");
    Rule::alert("RegistryUnreachable", Severity::Warning, expr).lasting(Duration::from_mins(15)).says(
        format!("{workload} cannot reach its registry"),
        format!(
            "No pod of {workload} has had an answer for fifteen minutes. What is loaded is served on; a new version of {model} \
             goes unseen, and a new pod finds no model."
        ),
    )
}

/// A refused version is tried again every five minutes, so that the counter moves as long as the alias stands on it.
fn refused(api: &WatchedApi, of: &str) -> Rule {
    let WatchedApi { model, workload, .. } = api;
    let expr = format!("sum by (job, namespace) (increase(model_load_errors_total{{{of}}}[15m])) > 0");
    Rule::alert("ModelRefused", Severity::Warning, expr).says(
        format!("{workload} refuses the champion"),
        format!(
            "The version of {model} that the alias stands on cannot be served; the one before stays where there is one."
        ),
    )
}

/// Each replica shows the same report.
fn drifts(api: &WatchedApi, of: &str) -> Rule {
    let WatchedApi { model, .. } = api;
    let drifting = format!("max by (job, namespace, feature) (model_drift_detected{{{of}}}) == 1");
    let named =
        format!("{{{{ range query `{drifting}` | sortByLabel \"feature\" }}}} {{{{ .Labels.feature }}}}{{{{ end }}}}");
    Rule::alert("ModelDrift", Severity::Warning, format!("count by (job, namespace) ({drifting})")).says(
        format!("{model} is asked about other rows than it was trained on"),
        format!("By the last drift report of {model}, {{{{ $value }}}} feature(s) drift:{named}."),
    )
}

fn report_old(api: &WatchedApi, drift: &WatchedDrift, of: &str) -> Rule {
    let (WatchedApi { model, .. }, WatchedDrift { workload, max_age }) = (api, drift);
    let expr = format!(
        "time() - max by (job, namespace) (model_drift_report_timestamp_seconds{{{of}}}) > {}",
        max_age.as_secs()
    );
    Rule::alert("DriftReportMissing", Severity::Warning, expr).because("old").says(
        format!("the drift report of {model} is old"),
        format!("{workload} published the last one {{{{ $value | humanizeDuration }}}} ago: drift would go unseen."),
    )
}

/// A report is of one version: with the next one it is gone until the next run.
fn report_missing(api: &WatchedApi, drift: &WatchedDrift, of: &str) -> Rule {
    let (WatchedApi { model, .. }, WatchedDrift { workload, max_age }) = (api, drift);
    let expr = format!(
        "count by (job, namespace) (model_info{{{of}}})\n  \
         unless on (job, namespace) model_drift_report_timestamp_seconds{{{of}}}"
    );
    Rule::alert("DriftReportMissing", Severity::Warning, expr).because("missing").lasting(*max_age).says(
        format!("there is no drift report of {model}"),
        format!(
            "{workload} has published none about the served version for {}: drift would go unseen.",
            duration(*max_age)
        ),
    )
}
