//! What this process has answered since it began: `GET /traffic`, for a page that cannot ask a Prometheus.
//!
//! Several pods answer behind one address, and a page meets one of them at a time: so each says which it is.

use axum::{Json, extract::State};
use prometheus::proto::{Metric, MetricFamily};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Refusal, Shared, auth::MonitoringToken, observe::predicts};

/// Which process, and since when.
#[derive(Debug)]
pub struct Instance {
    id: String,
    since: jiff::Timestamp,
}

impl Instance {
    /// This one, from now on.
    pub fn new() -> Self {
        Self { id: Uuid::now_v7().simple().to_string(), since: jiff::Timestamp::now() }
    }
}

/// Predictions that this process answered.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Traffic {
    /// A random name of the process: another one after a restart.
    instance: String,
    /// When it began (RFC 3339, UTC).
    since: String,
    /// Requests for predictions that it answered, whatever the answer.
    requests: u64,
    /// Those among them that it could not answer (status 500 and up).
    errors: u64,
    /// Seconds that they took together.
    seconds: f64,
    /// Bounds in seconds, and how many were answered within them; the rest took longer than the last bound.
    #[schema(value_type = Vec<Vec<f64>>)]
    buckets: Vec<(f64, u64)>,
}

/// Predictions that this process answered since it began.
#[utoipa::path(get, path = "/traffic", tag = "Monitoring", security(("monitoring_token" = [])),
    responses((status = 200, description = "Counts since the process began", body = Traffic),
              (status = 401, description = "The monitoring token is missing or wrong", body = Refusal)))]
pub async fn traffic(State(service): State<Shared>, _: MonitoringToken) -> Json<Traffic> {
    let Instance { id, since } = &service.instance;
    let mut traffic = Traffic { instance: id.clone(), since: since.to_string(), ..Traffic::default() };
    let label = |metric: &Metric, name: &str| {
        let mut labels = metric.get_label().iter();
        labels.find(|label| label.name() == name).map(|label| label.value().to_owned()).unwrap_or_default()
    };
    let (requests, duration) = service.metrics.answers();
    let of_predictions = |metric: &&Metric| predicts(&label(metric, "path"));
    for metric in requests.iter().flat_map(MetricFamily::get_metric).filter(of_predictions) {
        if label(metric, "status").starts_with('5') {
            // A counter of whole numbers.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
            let count = metric.get_counter().get_value() as u64;
            traffic.errors += count;
        }
    }
    for metric in duration.iter().flat_map(MetricFamily::get_metric).filter(of_predictions) {
        let histogram = metric.get_histogram();
        traffic.requests += histogram.get_sample_count();
        traffic.seconds += histogram.get_sample_sum();
        let finite = histogram.get_bucket().iter().filter(|bucket| bucket.upper_bound().is_finite());
        for (place, bucket) in finite.enumerate() {
            match traffic.buckets.get_mut(place) {
                Some((_, count)) => *count += bucket.cumulative_count(),
                None => traffic.buckets.push((bucket.upper_bound(), bucket.cumulative_count())),
            }
        }
    }
    Json(traffic)
}
