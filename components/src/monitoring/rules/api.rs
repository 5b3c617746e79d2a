//! Whether an API answers at all.

use std::time::Duration;

use super::{Group, Rule, Severity};
use crate::monitoring::WatchedApi;

/// Everything about one API.
pub fn group(api: &WatchedApi) -> Group {
    let WatchedApi { workload, namespace, .. } = api;
    let rules = vec![down(api)];
    let rules = rules.into_iter().map(|rule| rule.labelled(workload, namespace)).collect();
    Group { name: workload.to_string(), namespace: namespace.clone(), rules }
}

fn down(api: &WatchedApi) -> Rule {
    let WatchedApi { workload, namespace, .. } = api;
    let up = format!(r#"up{{job="{workload}", namespace="{namespace}"}}"#);
    Rule::alert("ApiDown", Severity::Critical, format!("absent({up} == 1)")).lasting(Duration::from_mins(5)).says(
        format!("{workload} is down"),
        format!("Prometheus has reached no pod of {workload} in {namespace} for five minutes."),
    )
}
