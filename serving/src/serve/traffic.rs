//! What this process has answered since it began: `GET /traffic`, for a page that cannot ask a Prometheus.
//!
//! Several pods answer behind one address, and a page meets one of them at a time: so each says which it is.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Refusal, Shared, auth::MonitoringToken};

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

/// Predictions that this process answered, without those that were only tried (`log=false`) and without explanations.
#[derive(Debug, Serialize, ToSchema)]
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

/// Predictions that this process answered since it began. What is only tried (`log=false`) or explained is left out: a slider on
/// its way is no demand.
#[utoipa::path(get, path = "/traffic", tag = "Monitoring", security(("monitoring_token" = [])),
    responses((status = 200, description = "Counts since the process began", body = Traffic),
              (status = 401, description = "The monitoring token is missing or wrong", body = Refusal)))]
pub async fn traffic(State(service): State<Shared>, _: MonitoringToken) -> Json<Traffic> {
    let Instance { id, since } = &service.instance;
    let (predictions, errors) = service.metrics.asked();
    let finite = predictions.get_bucket().iter().filter(|bucket| bucket.upper_bound().is_finite());
    Json(Traffic {
        instance: id.clone(),
        since: since.to_string(),
        requests: predictions.get_sample_count(),
        errors,
        seconds: predictions.get_sample_sum(),
        buckets: finite.map(|bucket| (bucket.upper_bound(), bucket.cumulative_count())).collect(),
    })
}
