//! The Open Inference Protocol, version 2, over REST
//! (<https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md>).
//!
//! Inputs are one tensor per feature, named after it, of shape `[rows]` or `[rows, 1]`; words are `BYTES`. A model
//! without categories also takes one tensor of shape `[rows, features]`. Outputs are `label` and `probabilities`.

pub mod infer;
mod tensors;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
pub use infer::{infer, infer_version};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::Shared;
use crate::model::Kind;

/// A problem, in the protocol's form.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// What is wrong.
    error: String,
    #[serde(skip)]
    #[schema(ignore)]
    status: u16,
}

impl Problem {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { error: error.into(), status: status.as_u16() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let again =
            (status == StatusCode::SERVICE_UNAVAILABLE).then(|| (header::RETRY_AFTER, HeaderValue::from_static("5")));
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().extend(again);
        response
    }
}

/// The server.
#[derive(Serialize, ToSchema)]
pub struct ServerMetadata {
    name: &'static str,
    version: &'static str,
    extensions: Vec<String>,
}

/// The model.
#[derive(Serialize, ToSchema)]
pub struct ModelMetadata {
    name: String,
    versions: Vec<String>,
    platform: &'static str,
    inputs: Vec<TensorMetadata>,
    outputs: Vec<TensorMetadata>,
}

/// A tensor; -1 stands for any number of rows.
#[derive(Serialize, ToSchema)]
pub struct TensorMetadata {
    name: String,
    datatype: &'static str,
    shape: Vec<i64>,
}

/// What this server is.
#[utoipa::path(get, path = "/v2", tag = "Open Inference Protocol", responses((status = 200, body = ServerMetadata)))]
pub async fn server() -> Json<ServerMetadata> {
    Json(ServerMetadata { name: "mlstack-serving", version: env!("CARGO_PKG_VERSION"), extensions: Vec::new() })
}

/// Whether the server lives.
#[utoipa::path(get, path = "/v2/health/live", tag = "Open Inference Protocol", responses((status = 200, body = serde_json::Value)))]
pub async fn live() -> Json<serde_json::Value> {
    Json(json!({"live": true}))
}

/// Whether a model is ready.
#[utoipa::path(get, path = "/v2/health/ready", tag = "Open Inference Protocol",
    responses((status = 200, body = serde_json::Value), (status = 503, body = serde_json::Value)))]
pub async fn ready(State(service): State<Shared>) -> Response {
    let ready = service.model().is_some() && !service.is_draining();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({"ready": ready}))).into_response()
}

/// Which version is served, if the request names this model and, if any, that version.
fn named(service: &Shared, name: &str, version: Option<&str>) -> Result<std::sync::Arc<crate::model::Loaded>, Problem> {
    if name != service.words.model {
        let message = format!("there is no model {name:?} here, only {}", service.words.model);
        return Err(Problem::new(StatusCode::NOT_FOUND, message));
    }
    let model = service.model().ok_or_else(|| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no model is loaded"))?;
    if version.is_some_and(|version| version != model.version) {
        let message = format!("version {:?} is not served, version {} is", version.unwrap_or_default(), model.version);
        return Err(Problem::new(StatusCode::NOT_FOUND, message));
    }
    Ok(model)
}

/// Whether the model is ready.
#[utoipa::path(get, path = "/v2/models/{name}/ready", tag = "Open Inference Protocol", params(("name" = String, Path)),
    responses((status = 200, body = serde_json::Value), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn model_ready(State(service): State<Shared>, Path(name): Path<String>) -> Result<Response, Problem> {
    named(&service, &name, None)?;
    Ok(Json(json!({"name": name, "ready": true})).into_response())
}

/// Whether this version of the model is ready.
#[utoipa::path(get, path = "/v2/models/{name}/versions/{version}/ready", tag = "Open Inference Protocol",
    params(("name" = String, Path), ("version" = String, Path)),
    responses((status = 200, body = serde_json::Value), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn version_ready(
    State(service): State<Shared>,
    Path((name, version)): Path<(String, String)>,
) -> Result<Response, Problem> {
    named(&service, &name, Some(&version))?;
    Ok(Json(json!({"name": name, "ready": true})).into_response())
}

/// What the model takes and gives.
#[utoipa::path(get, path = "/v2/models/{name}", tag = "Open Inference Protocol", params(("name" = String, Path)),
    responses((status = 200, body = ModelMetadata), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn model(State(service): State<Shared>, Path(name): Path<String>) -> Result<Json<ModelMetadata>, Problem> {
    metadata(&service, &name, None)
}

/// What this version of the model takes and gives.
#[utoipa::path(get, path = "/v2/models/{name}/versions/{version}", tag = "Open Inference Protocol",
    params(("name" = String, Path), ("version" = String, Path)),
    responses((status = 200, body = ModelMetadata), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn version(
    State(service): State<Shared>,
    Path((name, version)): Path<(String, String)>,
) -> Result<Json<ModelMetadata>, Problem> {
    metadata(&service, &name, Some(&version))
}

fn metadata(service: &Shared, name: &str, version: Option<&str>) -> Result<Json<ModelMetadata>, Problem> {
    let model = named(service, name, version)?;
    let inputs = service.features.all().map(|feature| TensorMetadata {
        name: feature.name.clone(),
        datatype: if matches!(feature.kind, Kind::Category(_)) { "BYTES" } else { "FP32" },
        shape: vec![-1, 1],
    });
    let classes = i64::try_from(service.words.classes.len()).unwrap_or(i64::MAX);
    let output = |name: &str, datatype, shape| TensorMetadata { name: name.to_owned(), datatype, shape };
    Ok(Json(ModelMetadata {
        name: service.words.model.clone(),
        versions: vec![model.version.clone()],
        platform: "onnx_treeensemble",
        inputs: inputs.collect(),
        outputs: vec![output("label", "BYTES", vec![-1]), output("probabilities", "FP64", vec![-1, classes])],
    }))
}
