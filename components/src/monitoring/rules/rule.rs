//! One rule, as Prometheus reads it.

use std::{collections::BTreeMap, time::Duration};

use builders::Name;
use serde::Serialize;

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

/// Who is told.
#[derive(Debug, Clone, Copy)]
pub(super) enum Severity {
    /// Somebody is woken.
    Critical,
    /// Somebody looks the next day.
    Warning,
}

impl Rule {
    /// A series of this name.
    pub(super) fn record(name: String, expr: String) -> Self {
        let (labels, annotations) = (BTreeMap::new(), BTreeMap::new());
        Self { record: Some(name), alert: None, expr, lasts: None, labels, annotations }
    }

    /// An alert as soon as `expr` has a value.
    pub(super) fn alert(name: &'static str, severity: Severity, expr: impl Into<String>) -> Self {
        let severity = match severity {
            Severity::Critical => "critical",
            Severity::Warning => "warning",
        };
        let labels = BTreeMap::from([("severity", severity.to_owned())]);
        let (expr, annotations) = (expr.into(), BTreeMap::new());
        Self { record: None, alert: Some(name), expr, lasts: None, labels, annotations }
    }

    /// Only when it has had one for so long.
    pub(super) fn lasting(mut self, time: Duration) -> Self {
        self.lasts = Some(duration(time));
        self
    }

    /// With these labels too, whatever the expression's are.
    pub(super) fn labelled(mut self, workload: &Name, namespace: &Name) -> Self {
        self.labels.extend([("job", workload.to_string()), ("namespace", namespace.to_string())]);
        self
    }

    /// With a label that tells it from other rules for the same alert.
    pub(super) fn because(self, reason: &str) -> Self {
        self.with("reason", reason)
    }

    pub(super) fn with(mut self, label: &'static str, value: &str) -> Self {
        self.labels.insert(label, value.to_owned());
        self
    }

    /// One line, and what it means for whoever reads it.
    pub(super) fn says(mut self, summary: impl Into<String>, description: impl Into<String>) -> Self {
        self.annotations.extend([("summary", summary.into()), ("description", description.into())]);
        self
    }
}

/// A duration as Prometheus reads it, in whole seconds: `26h`, `90s`.
pub(super) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        _ if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}
