//! Answers that say no: JSON with what is wrong and what to do.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::rows::{Unfit, WrongField};

/// What is wrong with a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Refusal {
    /// What is wrong.
    pub error: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Every field that does not fit, of the first hundred.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<WrongField>,
    #[serde(skip)]
    #[schema(ignore)]
    status: u16,
    #[serde(skip)]
    #[schema(ignore)]
    retry_after: Option<u32>,
}

impl Refusal {
    /// A refusal with this status.
    pub fn new(status: StatusCode, error: impl Into<String>, hint: &str) -> Self {
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        Self { error: error.into(), hint, fields: Vec::new(), status: status.as_u16(), retry_after: None }
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Try again in so many seconds.
    pub fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// Nothing to predict with yet.
    pub fn no_model() -> Self {
        let hint = "train a model, or move its alias to a version; /health says when one is loaded";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "no model is loaded", hint).retry_after(5)
    }

    /// Too much to do.
    pub fn busy(error: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, error, "try again, with fewer at once").retry_after(1)
    }

    /// A body that is no rows; `most` is how many there may be.
    pub fn unfit(unfit: Unfit, most: usize) -> Self {
        match unfit {
            Unfit::Malformed(error) => Self::new(
                StatusCode::BAD_REQUEST,
                format!("the body is no JSON: {error}"),
                "send an object, or an array of objects",
            ),
            Unfit::TooMany => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("the body has more than {most} rows"),
                "send fewer rows at a time",
            ),
            Unfit::Wrong(fields) => Self {
                fields,
                ..Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "the input does not fit the model",
                    "mend the fields; /openapi.json describes them",
                )
            },
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.status();
        let retry_after = self.retry_after.map(HeaderValue::from);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().extend(retry_after.map(|seconds| (header::RETRY_AFTER, seconds)));
        response
    }
}
