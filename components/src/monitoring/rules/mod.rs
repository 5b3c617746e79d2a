//! Alerts, and the series that are recorded for them, as Prometheus reads them from a file.
//!
//! Names and severities are kube-prometheus's: `critical` wakes somebody, `warning` is for the next day. Each alert has a page
//! `docs/runbooks/<Alert>.md`, and where two rules raise one alert, a label says which.

mod api;
mod backups;
mod burn;
mod cluster;
mod model;
mod prediction_log;
mod rule;

use builders::{Name, Url};
pub use rule::Rule;
use rule::{Severity, duration};
use serde::Serialize;

use super::{Watched, WatchedApi};

/// Rules that belong together: all of one thing that is watched.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// Its name, which no other group of the namespace has.
    pub name: String,
    /// The namespace of what it watches.
    #[serde(skip)]
    pub namespace: Name,
    /// What it watches, by a name that no other group has.
    #[serde(skip)]
    pub watches: Name,
    /// What is evaluated, in this order.
    pub rules: Vec<Rule>,
}

/// All rules for what is watched. `runbooks` is the address under which the pages lie.
pub fn rules(watched: &Watched, runbooks: &Url) -> Vec<Group> {
    let mut groups: Vec<Group> = watched.apis.iter().map(api_group).collect();
    groups.extend(watched.backups.iter().map(backups::group));
    if watched.cluster {
        groups.extend(watched.namespaces().into_iter().map(|namespace| cluster::group(namespace, watched)));
    }
    for rule in groups.iter_mut().flat_map(|group| &mut group.rules) {
        if let Some(alert) = rule.alert {
            rule.annotations.insert("runbook_url", format!("{runbooks}/{alert}.md"));
        }
    }
    groups
}

/// Everything about one API.
fn api_group(api: &WatchedApi) -> Group {
    let WatchedApi { workload, namespace, .. } = api;
    let rules = [api::rules(api), model::rules(api), prediction_log::rules(api), burn::rules(api)];
    let rules = rules.into_iter().flatten().map(|rule| rule.labelled(workload, namespace)).collect();
    Group { name: format!("{namespace}/{workload}"), namespace: namespace.clone(), watches: workload.clone(), rules }
}

/// What selects the series of a workload.
fn series_of(workload: &Name, namespace: &Name) -> String {
    format!(r#"job="{workload}", namespace="{namespace}""#)
}
