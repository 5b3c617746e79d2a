//! What the page asks an API for.

use std::{error::Error, iter::successors, time::Duration};

use bytes::Bytes;
use model_file::Description;
use reqwest::{Method, RequestBuilder, header};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use tracing::warn;

use super::{
    Answer, Api, Condition, Explanation, Trouble,
    traffic::Sample,
    watched::{Report, Versions},
};

/// How long somebody at a page waits.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer, at most: ten thousand rows have some four million.
const LARGEST: usize = 32 << 20;

impl Api {
    /// What the model is.
    ///
    /// # Errors
    /// When the API does not say so.
    pub async fn describe(&self) -> Result<Description, Trouble> {
        let received = self.received(self.request(Method::GET, "/model").timeout(PATIENCE / 5)).await;
        let received = received.map_err(|error| self.gone(&error));
        json(&received.unwrap_or(Err(Trouble::Unreachable))?)
    }

    /// Predicts rows: a JSON array of objects. They are kept by the API, if it keeps any, unless they are only `tried`.
    ///
    /// # Errors
    /// When there is no answer for every one.
    pub async fn predict(&self, rows: String, tried: bool) -> Result<Vec<Answer>, Trouble> {
        let path = if tried { "/predict?log=false" } else { "/predict" };
        json(&self.post(path, rows).await?)
    }

    /// Predicts and explains one row: a JSON object. It is not kept.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn explain(&self, row: String) -> Result<Explanation, Trouble> {
        json(&self.post("/explain", row).await?)
    }

    /// Which versions there are.
    ///
    /// # Errors
    /// When the API does not say so.
    pub async fn versions(&self) -> Result<Versions, Trouble> {
        json(&self.answer(self.monitor("/versions")).await?)
    }

    /// The last drift report, if there is one.
    ///
    /// # Errors
    /// When the API does not say so.
    pub async fn report(&self) -> Result<Option<Report>, Trouble> {
        match self.answer(self.monitor("/drift")).await {
            Ok(body) => json(&body).map(Some),
            Err(Trouble::Unexpected(404)) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    /// What one of its pods has answered. The connection is given up, so that the next request makes a new one and with it
    /// may meet another pod.
    ///
    /// # Errors
    /// When the API does not say so.
    pub async fn traffic(&self) -> Result<Sample, Trouble> {
        json(&self.answer(self.monitor("/traffic").header(header::CONNECTION, "close")).await?)
    }

    fn monitor(&self, path: &str) -> RequestBuilder {
        let request = self.client.get(format!("{}{path}", self.url)).timeout(PATIENCE / 5);
        match &self.token {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        }
    }

    async fn post(&self, path: &str, body: String) -> Result<Bytes, Trouble> {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        self.answer(request.body(body)).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url)).timeout(PATIENCE);
        match &self.key {
            Some(key) => request.header("X-API-Key", key.expose_secret()),
            None => request,
        }
    }

    /// Says why it cannot be reached, once for as long as that lasts.
    fn gone(&self, error: &reqwest::Error) {
        if self.seen().condition != Condition::Unreachable {
            let cause = successors(error.source(), |&cause| cause.source()).last().map(ToString::to_string);
            let cause = cause.unwrap_or_else(|| error.to_string());
            warn!(model = self.name, url = self.url, cause, "the API cannot be reached");
        }
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Bytes, Trouble> {
        self.received(request).await.unwrap_or(Err(Trouble::Unreachable))
    }

    /// What came back, or why nothing did.
    async fn received(&self, request: RequestBuilder) -> reqwest::Result<Result<Bytes, Trouble>> {
        let mut response = request.send().await?;
        let status = response.status().as_u16();
        let wait = response.headers().get(header::RETRY_AFTER);
        let wait = wait.and_then(|seconds| seconds.to_str().ok()?.parse().ok());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > LARGEST {
                return Ok(Err(Trouble::Unexpected(status)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(if status == 200 { Ok(body.into()) } else { Err(Trouble::of(status, wait, &body)) })
    }
}

/// An answer that is no such JSON is not one of ours.
fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Trouble> {
    serde_json::from_slice(body).map_err(|_| Trouble::Unexpected(200))
}
