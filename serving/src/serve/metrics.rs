//! What Prometheus asks for: requests, predictions, the model, the registry, the prediction log, the last drift report.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use prediction_log::Counts;
use prometheus::{
    Encoder, Gauge, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder, core::Metric as _, proto,
};

use super::{Shared, auth::MonitoringToken, drift::Drift};

/// Seconds, from what a prediction takes to what nobody waits for.
const BUCKETS: [f64; 12] = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

/// All metrics of the process.
pub struct Metrics {
    all: Registry,
    requests: IntCounterVec,
    duration: HistogramVec,
    /// Of predictions that are more than tried; not for Prometheus, which has them among all.
    predicted: Histogram,
    unpredicted: IntCounter,
    /// Requests that are being answered.
    pub in_flight: IntGauge,
    /// Requests refused because too many were being answered.
    pub shed: IntCounter,
    /// Rows by the class they were called, in the model's order.
    pub predictions: Vec<IntCounter>,
    model: IntGaugeVec,
    /// Versions that were loaded, one after another.
    pub loaded: IntCounter,
    /// Versions that were refused.
    pub refused: IntCounter,
    /// Polls that failed.
    pub poll_errors: IntCounter,
    /// When the registry last answered, in seconds since 1970.
    pub polled: Gauge,
    /// Rows of the prediction log that arrived or are lost.
    logged: Mutex<IntCounterVec>,
    spooled_rows: IntGauge,
    spooled_bytes: IntGauge,
    /// The last drift report.
    pub drift: Drift,
}

impl Metrics {
    /// All of them, at zero, for a model with these classes.
    ///
    /// # Errors
    /// Never, unless a name is taken twice.
    pub fn new<'c>(model: &str, classes: impl Iterator<Item = &'c str>) -> Result<Self, prometheus::Error> {
        let all = Registry::new();
        #[cfg(target_os = "linux")]
        all.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
        macro_rules! metric {
            ($metric:expr) => {{
                let metric = $metric?;
                all.register(Box::new(metric.clone()))?;
                metric
            }};
        }
        let counter = |name: &str, help: &str| IntCounter::new(name, help);
        let build = metric!(IntGaugeVec::new(Opts::new("serving_build_info", "The program, always 1"), &["version"]));
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        let predictions = metric!(IntCounterVec::new(
            Opts::new("model_predictions_total", "Rows predicted, by their likeliest class"),
            &["model", "class"]
        ));
        Ok(Self {
            requests: metric!(IntCounterVec::new(
                Opts::new("http_requests_total", "Requests answered"),
                &["method", "path", "status"]
            )),
            duration: metric!(HistogramVec::new(
                HistogramOpts::new("http_request_duration_seconds", "Time to answer a request")
                    .buckets(BUCKETS.to_vec()),
                &["method", "path"]
            )),
            predicted: Histogram::with_opts(
                HistogramOpts::new("predicted", "Time to answer what is predicted").buckets(BUCKETS.to_vec()),
            )?,
            unpredicted: counter("unpredicted", "Predictions that could not be answered")?,
            in_flight: metric!(IntGauge::new("http_requests_in_flight", "Requests being answered")),
            shed: metric!(counter("http_requests_shed_total", "Requests refused with 503 because of too many at once")),
            predictions: classes.map(|class| predictions.with_label_values(&[model, class])).collect(),
            model: metric!(IntGaugeVec::new(
                Opts::new("model_info", "The version that is served, always 1"),
                &["model", "version"]
            )),
            loaded: metric!(counter("model_loads_total", "Versions loaded")),
            refused: metric!(counter(
                "model_load_errors_total",
                "Versions that could not be loaded and are not served"
            )),
            poll_errors: metric!(counter("registry_poll_errors_total", "Polls of the registry that failed")),
            polled: metric!(Gauge::new(
                "registry_last_poll_timestamp_seconds",
                "When the registry last answered, in seconds since 1970"
            )),
            logged: Mutex::new(metric!(IntCounterVec::new(
                Opts::new("prediction_log_rows_total", "Rows for the prediction log that were written or dropped"),
                &["state"]
            ))),
            spooled_rows: metric!(IntGauge::new(
                "prediction_log_spooled_rows",
                "Rows that wait on disk for the prediction log"
            )),
            spooled_bytes: metric!(IntGauge::new(
                "prediction_log_spooled_bytes",
                "Bytes of the rows that wait on disk"
            )),
            drift: Drift::new()?,
            all,
        })
    }

    /// A request was answered.
    pub fn answered(&self, method: &str, path: &str, status: StatusCode, took: Duration) {
        self.requests.with_label_values(&[method, path, status.as_str()]).inc();
        self.duration.with_label_values(&[method, path]).observe(took.as_secs_f64());
    }

    /// One of them asked for a prediction, and not only to try.
    pub fn predicted(&self, status: StatusCode, took: Duration) {
        self.predicted.observe(took.as_secs_f64());
        if status.is_server_error() {
            self.unpredicted.inc();
        }
    }

    /// How long such requests took, and how many could not be answered.
    pub fn asked(&self) -> (proto::Histogram, u64) {
        (self.predicted.metric().get_histogram().clone(), self.unpredicted.get())
    }

    /// A version is served from now on.
    pub fn serves(&self, model: &str, version: &str) {
        // A report is of one version.
        self.drift.show(None);
        self.model.reset();
        self.model.with_label_values(&[model, version]).set(1);
        self.loaded.inc();
    }

    fn logged(&self, counts: &Counts) {
        // Two scrapes at once must not both add what is new.
        let logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        for (state, rows) in [("written", counts.written), ("dropped", counts.dropped.total())] {
            let counter = logged.with_label_values(&[state]);
            counter.inc_by(rows.saturating_sub(counter.get()));
        }
        let waits = [(&self.spooled_rows, counts.spooled_rows), (&self.spooled_bytes, counts.spooled_bytes)];
        for (gauge, waiting) in waits {
            gauge.set(i64::try_from(waiting).unwrap_or(i64::MAX));
        }
    }
}

/// `GET /metrics`.
#[utoipa::path(get, path = "/metrics", tag = "Monitoring", security(("monitoring_token" = [])),
    responses((status = 200, description = "Metrics in Prometheus' text format", content_type = "text/plain"),
              (status = 401, description = "The monitoring token is missing or wrong", body = super::Refusal)))]
pub async fn metrics(State(service): State<Shared>, _: MonitoringToken) -> Response {
    if let Some(log) = &service.log {
        service.metrics.logged(&log.counts());
    }
    let mut families = service.metrics.all.gather();
    families.extend(service.metrics.drift.gather());
    let mut text = Vec::new();
    match TextEncoder::new().encode(&families, &mut text) {
        Ok(()) => ([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response(),
        Err(error) => super::Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string(), "").into_response(),
    }
}
