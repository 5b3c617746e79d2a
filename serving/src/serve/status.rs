//! What this is, and how it is: `/`, `/health`, `/startup`, `/ready`.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Refusal, Shared};

/// What answers here.
#[derive(Serialize, ToSchema)]
pub struct About {
    /// The program.
    service: &'static str,
    /// Its version.
    version: &'static str,
    /// The model's name in the registry.
    model_name: String,
    /// The version that is served, if one is.
    model_version: Option<String>,
    /// What can be asked.
    endpoints: Vec<&'static str>,
}

/// Whether the process lives.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `healthy`: a process that is not does not answer.
    #[schema(example = "healthy")]
    status: &'static str,
    /// Whether there is a model to predict with.
    model_loaded: bool,
    /// The program's version.
    version: &'static str,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What this is.
#[utoipa::path(get, path = "/", tag = "Status", responses((status = 200, body = About)))]
pub async fn about(State(service): State<Shared>) -> Json<About> {
    let endpoints = vec![
        "/health",
        "/startup",
        "/ready",
        "/model",
        "/predict",
        "/explain",
        "/v2",
        "/metrics",
        "/drift",
        "/versions",
        "/traffic",
        "/docs",
        "/openapi.json",
    ];
    let model_version = service.model().map(|model| model.version.clone());
    Json(About {
        service: "serving",
        version: VERSION,
        model_name: service.words.model.clone(),
        model_version,
        endpoints,
    })
}

/// What a client has to know of the model: inputs, classes, risk levels, and the version that is served.
#[utoipa::path(get, path = "/model", tag = "Status",
    responses((status = 200, description = "The model", body = super::openapi::ModelDescription)))]
pub async fn model(State(service): State<Shared>) -> Json<model_file::Description> {
    let model = service.model();
    let (version, explains) = model.as_ref().map_or((None, false), |model| {
        (Some(model.version.as_str()), model.reference.as_ref().is_some_and(|known| !known.background.is_empty()))
    });
    Json(model_file::Description { name: service.words.model.clone(), ..service.file.description(version, explains) })
}

/// Whether the process lives, with or without a model.
#[utoipa::path(get, path = "/health", tag = "Status", responses((status = 200, body = Health)))]
pub async fn health(State(service): State<Shared>) -> Json<Health> {
    Json(Health { status: "healthy", model_loaded: service.model().is_some(), version: VERSION })
}

/// Whether a model was loaded for the first time.
#[utoipa::path(get, path = "/startup", tag = "Status",
    responses((status = 200, description = "A model was loaded"),
              (status = 503, description = "No model was loaded yet", body = Refusal)))]
pub async fn startup(State(service): State<Shared>) -> Response {
    if service.model().is_some() { StatusCode::OK.into_response() } else { Refusal::no_model().into_response() }
}

/// Whether requests are welcome.
#[utoipa::path(get, path = "/ready", tag = "Status",
    responses((status = 200, description = "A model is loaded"),
              (status = 503, description = "No model is loaded, or the process is about to end", body = Refusal)))]
pub async fn ready(State(service): State<Shared>) -> Response {
    if service.is_draining() {
        let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the process is about to end", "ask another pod");
        return refusal.retry_after(1).into_response();
    }
    startup(State(service)).await
}
