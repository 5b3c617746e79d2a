//! `POST /v2/models/{name}/infer`.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use forest::likeliest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Problem, named, tensors};
use crate::serve::{Refusal, Shared, auth::ApiKey, predict};

/// A request.
#[derive(Debug, Deserialize, ToSchema)]
pub struct InferRequest {
    /// Given back in the answer.
    pub id: Option<String>,
    /// The rows.
    pub inputs: Vec<InputTensor>,
    /// The outputs that are wanted; all of them if nothing is said.
    #[serde(default)]
    pub outputs: Option<Vec<OutputRequest>>,
}

/// A tensor of a request.
#[derive(Debug, Deserialize, ToSchema)]
pub struct InputTensor {
    /// A feature's name.
    pub name: String,
    /// `[rows]` or `[rows, 1]`, or `[rows, features]`.
    pub shape: Vec<u64>,
    /// The protocol's name of the type.
    #[schema(example = "FP32")]
    pub datatype: String,
    /// Row by row, nested or flat.
    #[schema(value_type = Vec<Object>)]
    pub data: Value,
}

/// An output that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OutputRequest {
    /// `label` or `probabilities`.
    pub name: String,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct InferResponse {
    model_name: String,
    model_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    outputs: Vec<OutputTensor>,
}

/// A tensor of an answer, row by row.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutputTensor {
    name: &'static str,
    shape: Vec<usize>,
    datatype: &'static str,
    #[schema(value_type = Vec<Object>)]
    data: Vec<Value>,
}

/// Predicts with the version that is served.
#[utoipa::path(post, path = "/v2/models/{name}/infer", tag = "Open Inference Protocol", params(("name" = String, Path)),
    request_body = InferRequest, security(("api_key" = [])),
    responses((status = 200, body = InferResponse), (status = 400, body = Problem), (status = 401, body = Refusal),
              (status = 404, body = Problem), (status = 408, body = Refusal), (status = 413, body = Problem),
              (status = 415, body = Refusal), (status = 503, body = Problem)))]
pub async fn infer(
    State(service): State<Shared>,
    _: ApiKey,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Result<predict::Json, Refusal>,
) -> Result<Json<InferResponse>, Problem> {
    run(&service, &name, None, &headers, body)
}

/// Predicts with this version, if it is the one that is served.
#[utoipa::path(post, path = "/v2/models/{name}/versions/{version}/infer", tag = "Open Inference Protocol",
    params(("name" = String, Path), ("version" = String, Path)), request_body = InferRequest, security(("api_key" = [])),
    responses((status = 200, body = InferResponse), (status = 400, body = Problem), (status = 401, body = Refusal),
              (status = 404, body = Problem), (status = 408, body = Refusal), (status = 413, body = Problem),
              (status = 415, body = Refusal), (status = 503, body = Problem)))]
pub async fn infer_version(
    State(service): State<Shared>,
    _: ApiKey,
    Path((name, version)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<predict::Json, Refusal>,
) -> Result<Json<InferResponse>, Problem> {
    run(&service, &name, Some(&version), &headers, body)
}

fn run(
    service: &Shared,
    name: &str,
    version: Option<&str>,
    headers: &HeaderMap,
    body: Result<predict::Json, Refusal>,
) -> Result<Json<InferResponse>, Problem> {
    let bad = |error: String| Problem::new(StatusCode::BAD_REQUEST, error);
    let model = named(service, name, version)?;
    let predict::Json(body) = body.map_err(|refusal| Problem::new(refusal.status(), refusal.error))?;
    if headers.contains_key("inference-header-content-length") {
        return Err(bad("binary tensors are not served; send their data as JSON (binary_data=False)".into()));
    }
    let request: InferRequest =
        serde_json::from_slice(&body).map_err(|error| bad(format!("the body is no inference request: {error}")))?;
    let rows = tensors::rows(&service.features, &request.inputs).map_err(bad)?;
    let (count, classes) = (rows.len() / service.features.count(), service.words.classes.len());
    if count > service.limits.rows {
        let message = format!("the tensors have {count} rows, and {} are allowed", service.limits.rows);
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    let probabilities = model.predictor.predict_all(&rows, service.features.count());
    predict::record(service, &model, &rows, &probabilities);
    let labels =
        || probabilities.chunks_exact(classes).map(|row| service.words.classes[likeliest(row)].0.as_str().into());
    let output = |name: &str| match name {
        "label" => Ok(OutputTensor { name: "label", shape: vec![count], datatype: "BYTES", data: labels().collect() }),
        "probabilities" => Ok(OutputTensor {
            name: "probabilities",
            shape: vec![count, classes],
            datatype: "FP64",
            data: probabilities.iter().map(|share| Value::from(*share)).collect(),
        }),
        other => Err(bad(format!("there is no output {other:?}; there are label and probabilities"))),
    };
    let wanted = request.outputs.filter(|outputs| !outputs.is_empty());
    let outputs = match &wanted {
        Some(wanted) => wanted.iter().map(|wanted| output(&wanted.name)).collect::<Result<_, _>>()?,
        None => vec![output("label")?, output("probabilities")?],
    };
    let (model_name, model_version) = (service.words.model.clone(), model.version.clone());
    Ok(Json(InferResponse { model_name, model_version, id: request.id, outputs }))
}
