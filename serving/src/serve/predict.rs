//! `POST /predict`.

use std::{borrow::Cow, time::SystemTime};

use axum::{
    extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use bytes::Bytes;
use prediction_log::Origin;
use serde::{Serialize, Serializer};
use utoipa::IntoParams;

use super::{
    Refusal, Shared,
    answer::Answers,
    auth::ApiKey,
    rows::{self, Rows},
};
use crate::model::{Features, Loaded};

/// Rows that are predicted where the request is read; more would keep other requests waiting.
const AT_ONCE: usize = 1000;
/// Bytes of an answer, about.
const ANSWER: usize = 384;

/// Predicts one row or many.
///
/// One object is answered with one object, an array with an array. Values outside the usual range of a
/// feature are served, and named under `warnings`.
#[utoipa::path(post, path = "/predict", tag = "Predictions", security(("api_key" = [])), params(Asked),
    request_body(content = super::openapi::PredictRequest, description = "One row, or an array of rows"),
    responses((status = 200, description = "One answer, or an array of answers", body = super::openapi::PredictResponse),
              (status = 400, description = "The body is no JSON", body = Refusal),
              (status = 401, description = "The API key is missing or wrong", body = Refusal),
              (status = 408, description = "The body took too long to arrive", body = Refusal),
              (status = 413, description = "The body has too many bytes or rows", body = Refusal),
              (status = 415, description = "The content type is not application/json", body = Refusal),
              (status = 422, description = "Fields are missing, unknown or of the wrong type, or `log` is neither true nor false", body = Refusal),
              (status = 503, description = "No model is loaded, or too many requests are being answered", body = Refusal)))]
pub async fn predict(
    State(service): State<Shared>,
    _: ApiKey,
    asked: Asked,
    Json(body): Json,
) -> Result<Response, Refusal> {
    let model = service.model().ok_or_else(Refusal::no_model)?;
    let most = service.limits.rows;
    let rows = rows::read(&body, &service.features, most).map_err(|unfit| Refusal::unfit(unfit, most))?;
    let text = if rows.count <= AT_ONCE {
        answer(&service, &model, &rows, asked.log)
    } else {
        let work = tokio::task::spawn_blocking(move || answer(&service, &model, &rows, asked.log));
        work.await.map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string(), ""))?
    };
    Ok(json(text?))
}

/// JSON as an answer.
pub fn json(text: Vec<u8>) -> Response {
    let mut response = Response::new(text.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn answer(service: &Shared, model: &Loaded, rows: &Rows, log: bool) -> Result<Vec<u8>, Refusal> {
    let probabilities = model.predictor.predict_all(&rows.values, service.features.count());
    let answers = if log {
        record(service, model, &rows.values, &probabilities)
    } else {
        Answers::new(&service.words, &service.features, model, &rows.values, &probabilities)
    };
    let answers = answers.many(rows.many);
    let mut text = Vec::with_capacity(rows.count * ANSWER);
    serde_json::to_writer(&mut text, &answers)
        .map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string(), ""))?;
    Ok(text)
}

/// The answers for `rows`, counted and kept.
pub fn record<'a>(service: &'a Shared, model: &'a Loaded, rows: &'a [f32], probabilities: &'a [f64]) -> Answers<'a> {
    let answers = Answers::new(&service.words, &service.features, model, rows, probabilities);
    for answer in answers.iter() {
        service.metrics.predictions[answer.class()].inc();
    }
    if let Some(log) = &service.log {
        let inputs = rows.chunks_exact(service.features.count()).map(|row| Inputs(&service.features, row));
        let origin = Origin { time: SystemTime::now(), model: &service.words.model, version: &model.version };
        log.record(origin, inputs.zip(answers.iter()));
    }
    answers
}

/// What a client says beside the rows; other parameters are nobody's.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Whether the rows are logged and counted as predictions. `false` is for what is only tried (a slider on its way, a curve of
    /// what would be): a log of it would look like drift.
    #[param(required = false, default = true)]
    log: bool,
}

impl FromRequestParts<Shared> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Refusal> {
        match log(parts.uri.query()).as_deref() {
            None | Some("true") => Ok(Self { log: true }),
            Some("false") => Ok(Self { log: false }),
            Some(value) => Err(Refusal::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                format!("the parameter log must be true or false, found {value:?}"),
                "write ?log=false for rows that are only tried",
            )),
        }
    }
}

fn log(query: Option<&str>) -> Option<Cow<'_, str>> {
    let mut said = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    said.find(|(name, _)| name == "log").map(|(_, value)| value)
}

/// Whether rows are neither logged nor counted.
pub fn tried(query: Option<&str>) -> bool {
    log(query).is_some_and(|value| value == "false")
}

/// A row as its client wrote it.
pub struct Inputs<'a>(pub &'a Features, pub &'a [f32]);

impl Serialize for Inputs<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.0.all().zip(self.1).map(|(feature, &value)| (&feature.name, feature.shown(value))))
    }
}

/// The bytes of a body that says it is JSON, or says nothing.
pub struct Json(pub Bytes);

impl FromRequest<Shared> for Json {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, service: &Shared) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            let error = "the content type is not application/json";
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                error,
                "send `Content-Type: application/json`",
            ));
        }
        DefaultBodyLimit::max(service.limits.body).apply(&mut request);
        let bytes = Bytes::from_request(request, service).await.map_err(|rejection| {
            let large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            let most = service.limits.body;
            let error =
                if large { format!("the body has more than {most} bytes") } else { "the body was cut off".into() };
            Refusal::new(rejection.status(), error, if large { "send fewer rows at a time" } else { "send it again" })
        })?;
        Ok(Self(bytes))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else { return true };
    let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json")
}
