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

use std::{collections::BTreeMap, time::Duration};

use builders::{Name, Url};
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
    /// What is evaluated, in this order.
    pub rules: Vec<Rule>,
}

/// An alert, or a series that is recorded.
#[derive(Debug, Clone, Serialize)]
pub struct Rule {
    /// The series' name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The alert's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<&'static str>,
    /// The expression, in `PromQL`.
    pub expr: String,
    /// How long the expression must hold, as Prometheus writes durations.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub lasts: Option<String>,
    /// Labels of the alert or of the series.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<&'static str, String>,
    /// What people are told; Prometheus fills in `{{ … }}`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<&'static str, String>,
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
    Group { name: format!("{namespace}/{workload}"), namespace: namespace.clone(), rules }
}

/// What selects the series of a workload.
fn series_of(workload: &Name, namespace: &Name) -> String {
    format!(r#"job="{workload}", namespace="{namespace}""#)
}

/// Who is told.
#[derive(Debug, Clone, Copy)]
enum Severity {
    /// Somebody is woken.
    Critical,
    /// Somebody looks the next day.
    Warning,
}

impl Rule {
    /// A series of this name.
    fn record(name: String, expr: String) -> Self {
        let (labels, annotations) = (BTreeMap::new(), BTreeMap::new());
        Self { record: Some(name), alert: None, expr, lasts: None, labels, annotations }
    }

    /// An alert as soon as `expr` has a value.
    fn alert(name: &'static str, severity: Severity, expr: impl Into<String>) -> Self {
        let severity = match severity {
            Severity::Critical => "critical",
            Severity::Warning => "warning",
        };
        let labels = BTreeMap::from([("severity", severity.to_owned())]);
        let (expr, annotations) = (expr.into(), BTreeMap::new());
        Self { record: None, alert: Some(name), expr, lasts: None, labels, annotations }
    }

    /// Only when it has had one for so long.
    fn lasting(mut self, time: Duration) -> Self {
        self.lasts = Some(duration(time));
        self
    }

    /// With these labels too, whatever the expression's are.
    fn labelled(mut self, workload: &Name, namespace: &Name) -> Self {
        self.labels.extend([("job", workload.to_string()), ("namespace", namespace.to_string())]);
        self
    }

    /// With a label that tells it from other rules for the same alert.
    fn because(self, reason: &str) -> Self {
        self.with("reason", reason)
    }

    fn with(mut self, label: &'static str, value: &str) -> Self {
        self.labels.insert(label, value.to_owned());
        self
    }

    /// One line, and what it means for whoever reads it.
    fn says(mut self, summary: impl Into<String>, description: impl Into<String>) -> Self {
        self.annotations.extend([("summary", summary.into()), ("description", description.into())]);
        self
    }
}

/// A duration as Prometheus reads it, in whole seconds: `26h`, `90s`.
fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        _ if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}
