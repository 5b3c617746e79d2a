//! Whether an API is there, and has something to serve.

use std::time::Duration;

use super::{Rule, Severity, duration, series_of};
use crate::monitoring::WatchedApi;

/// How long nobody may answer. A pod is there in seconds; a node for it may take minutes.
const GONE: Duration = Duration::from_mins(5);

/// A training that ends at its deadline has a version that is still to be loaded.
const AFTER_TRAINING: Duration = Duration::from_mins(5);

pub fn rules(api: &WatchedApi) -> Vec<Rule> {
    let WatchedApi { workload, namespace, .. } = api;
    let of = series_of(workload, namespace);
    let down = Rule::alert("ApiDown", Severity::Critical, format!("absent(up{{{of}}} == 1)")).lasting(GONE).says(
        format!("{workload} is down"),
        format!("Prometheus has reached no pod of {workload} in {namespace} for five minutes."),
    );
    vec![down, model_lost(api, &of), model_never_there(api, &of)]
}

/// There was a model within the last day, and now no pod has one.
fn model_lost(api: &WatchedApi, of: &str) -> Rule {
    let WatchedApi { model, workload, namespace, .. } = api;
    let expr = format!(
        "max by (job, namespace) (up{{{of}}} == 1)\n  \
         unless on (job, namespace) model_info{{{of}}}\n  \
         and on (job, namespace) last_over_time(model_info{{{of}}}[1d])"
    );
    Rule::alert("NoModelLoaded", Severity::Critical, expr).because("lost").lasting(GONE).says(
        format!("{workload} serves no model any more"),
        format!(
            "Pods of {workload} in {namespace} run, and none of them has a version of {model}: \
             nobody gets a prediction."
        ),
    )
}

/// The first training should have ended by now. A pod that waits in vain is restarted, so its scrapes may fail meanwhile.
fn model_never_there(api: &WatchedApi, of: &str) -> Rule {
    let WatchedApi { model, workload, namespace, first_model, .. } = api;
    let expr = format!(
        "max by (job, namespace) (max_over_time(up{{{of}}}[5m])) == 1\n  \
         unless on (job, namespace) model_info{{{of}}}"
    );
    let patience = *first_model + AFTER_TRAINING;
    Rule::alert("NoModelLoaded", Severity::Critical, expr).because("never").lasting(patience).says(
        format!("{workload} has had no model for {}", duration(patience)),
        format!(
            "Pods of {workload} in {namespace} run, and no version of {model} was loaded in the time of a training."
        ),
    )
}
