//! `serving serve`: a model's HTTP service.

mod answer;
mod auth;
mod cache;
mod drift;
mod explain;
mod follow;
mod listen;
mod metrics;
mod observe;
mod openapi;
mod predict;
mod refusal;
mod rows;
mod state;
mod status;
mod traffic;
mod v2;
mod versions;

pub use auth::{Keys, keys};
use axum::{
    Router,
    http::StatusCode,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{get, post},
};
pub use cache::Cache;
pub use follow::{Follow, follow};
pub use listen::{Patience, Stop, listen};
pub use observe::REQUESTS;
pub use refusal::Refusal;
pub use state::{Limits, Parts, Service, Shared};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// All that can be asked. Each layer costs every request a tenth of its time, so there is one.
pub fn router(service: &Shared) -> Router {
    let model = Router::new()
        .route("/{name}", get(v2::model))
        .route("/{name}/ready", get(v2::model_ready))
        .route("/{name}/versions/{version}", get(v2::version))
        .route("/{name}/versions/{version}/ready", get(v2::version_ready))
        .route("/{name}/infer", post(v2::infer))
        .route("/{name}/versions/{version}/infer", post(v2::infer_version));
    Router::new()
        .route("/", get(status::about))
        .route("/health", get(status::health))
        .route("/startup", get(status::startup))
        .route("/ready", get(status::ready))
        .route("/model", get(status::model))
        .route("/predict", post(predict::predict))
        .route("/explain", post(explain::explain))
        .route("/metrics", get(metrics::metrics))
        .route("/drift", get(drift::drift))
        .route("/versions", get(versions::versions))
        .route("/traffic", get(traffic::traffic))
        .route("/v2", get(v2::server))
        .route("/v2/health/live", get(v2::live))
        .route("/v2/health/ready", get(v2::ready))
        .nest("/v2/models", model)
        .route("/openapi.json", get(openapi::openapi))
        .merge(SwaggerUi::new("/docs").config(Config::from("/openapi.json")))
        .fallback(nothing_here)
        .method_not_allowed_fallback(not_this_way)
        .layer(from_fn_with_state(service.clone(), observe::observe))
        .with_state(service.clone())
}

async fn nothing_here() -> Response {
    Refusal::new(StatusCode::NOT_FOUND, "there is nothing here", "/ lists what can be asked").into_response()
}

async fn not_this_way() -> Response {
    let hint = "the header Allow names the methods";
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this cannot be asked with this method", hint).into_response()
}
