//! Alerts, and the series that are recorded for them, as Prometheus reads them from a file.
//!
//! Names and severities are kube-prometheus's: `critical` wakes somebody, `warning` is for the next day. Each alert has a page
//! `docs/runbooks/<Alert>.md`.

mod api;

use std::{collections::BTreeMap, time::Duration};

use builders::{Name, Url};
use serde::Serialize;

use super::Watched;

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
    /// PromQL.
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
    let mut groups: Vec<Group> = watched.apis.iter().map(api::group).collect();
    for rule in groups.iter_mut().flat_map(|group| &mut group.rules) {
        if let Some(alert) = rule.alert {
            rule.annotations.insert("runbook_url", format!("{runbooks}/{alert}.md"));
        }
    }
    groups
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
        _ if seconds % 3600 == 0 => format!("{}h", seconds / 3600),
        _ if seconds % 60 == 0 => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}
