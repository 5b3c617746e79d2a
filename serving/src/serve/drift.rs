//! The last drift report of the version that is served, which somebody else makes: `GET /drift`, and numbers for `/metrics`.
//!
//! The pod that makes a report ends, and nobody scrapes it; and whoever sends it to a Service reaches one pod of several. So it lies
//! beside the version in the registry, which every pod asks anyway.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use drift::{Comparison, Status, Test};
use prometheus::{Gauge, GaugeVec, IntGauge, IntGaugeVec, Opts, Registry};

use super::{Refusal, Shared, auth::MonitoringToken};
use crate::drift::Report;

/// The last report, and what is told of it.
pub struct Drift {
    text: ArcSwapOption<String>,
    score: GaugeVec,
    detected: IntGaugeVec,
    rows: IntGauge,
    created: Gauge,
    /// Only a report has them: without one, a nought would say "no drift".
    shown: Registry,
}

impl Drift {
    /// Without a report yet.
    ///
    /// # Errors
    /// Never, unless a name is taken twice.
    pub fn new() -> Result<Self, prometheus::Error> {
        let score = Opts::new("model_drift_score", "The last drift report: statistics of a feature");
        let score = GaugeVec::new(score, &["feature", "statistic"])?;
        let detected =
            Opts::new("model_drift_detected", "The last drift report: whether a feature drifts, if it could be told");
        let detected = IntGaugeVec::new(detected, &["feature"])?;
        let rows = IntGauge::new("model_drift_report_rows", "Rows that the last drift report looked at")?;
        let created = "model_drift_report_timestamp_seconds";
        let created = Gauge::new(created, "When the last drift report was made, in seconds since 1970")?;
        let shown = Registry::new();
        shown.register(Box::new(score.clone()))?;
        shown.register(Box::new(detected.clone()))?;
        shown.register(Box::new(rows.clone()))?;
        shown.register(Box::new(created.clone()))?;
        Ok(Self { text: ArcSwapOption::empty(), score, detected, rows, created, shown })
    }

    /// Shows a report, or none any more. Whether it is another than before.
    pub fn show(&self, report: Option<&Report>) -> bool {
        let text = report.map(Report::json);
        if self.text.load().as_deref() == text.as_ref() {
            return false;
        }
        self.score.reset();
        self.detected.reset();
        if let Some(report) = report {
            self.fill(report);
        }
        self.text.store(text.map(Arc::new));
        true
    }

    fn fill(&self, report: &Report) {
        for feature in &report.drift.features {
            if feature.status != Status::NotEnoughData {
                let drifts = i64::from(feature.status == Status::Drift);
                self.detected.with_label_values(&[feature.name.as_str()]).set(drifts);
            }
            let Some(Comparison { test, statistic, p_value, corrected_p_value, psi, jensen_shannon }) =
                feature.comparison
            else {
                continue;
            };
            let test = match test {
                Test::KolmogorovSmirnov => "kolmogorov_smirnov",
                Test::ChiSquare => "chi_square",
            };
            for (name, value) in [
                (test, statistic),
                ("p_value", p_value),
                ("corrected_p_value", corrected_p_value),
                ("psi", psi),
                ("jensen_shannon", jensen_shannon),
            ] {
                self.score.with_label_values(&[feature.name.as_str(), name]).set(value);
            }
        }
        self.rows.set(i64::try_from(report.drift.rows).unwrap_or(i64::MAX));
        let created = report.created.parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        self.created.set(created.as_duration().as_secs_f64());
    }

    /// What there is to count.
    pub fn gather(&self) -> Vec<prometheus::proto::MetricFamily> {
        if self.text.load().is_some() { self.shown.gather() } else { Vec::new() }
    }
}

/// The last drift report of the version that is served, as `serving drift --publish` left it.
#[utoipa::path(get, path = "/drift", tag = "Monitoring", security(("monitoring_token" = [])),
    responses((status = 200, description = "The report: `status` is drift, no_drift or not_enough_data", body = super::openapi::DriftReport),
              (status = 401, description = "The monitoring token is missing or wrong", body = Refusal),
              (status = 404, description = "There is no report about this version yet", body = Refusal)))]
pub async fn drift(State(service): State<Shared>, _: MonitoringToken) -> Response {
    let Some(text) = service.metrics.drift.text.load_full() else {
        let hint = "run `serving drift --publish` against the same registry";
        let error = "there is no drift report about this version yet";
        return Refusal::new(StatusCode::NOT_FOUND, error, hint).into_response();
    };
    ([(header::CONTENT_TYPE, "application/json")], text.to_string()).into_response()
}
