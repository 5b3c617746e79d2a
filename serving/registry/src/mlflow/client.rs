//! Requests to a tracking server.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::{RequestBuilder, Response};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::refusal;
use crate::{
    Credentials, Error,
    error::chain,
    http::{self, PATIENCE},
};

pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    credentials: Credentials,
    shown: String,
}

impl Client {
    pub fn new(base: &Url, credentials: &Credentials) -> Result<Self, Error> {
        let shown = base.as_str().trim_end_matches('/').to_owned();
        let http = http::client(base.scheme() == "https").map_err(|error| Error::Location {
            problem: format!("no connection to {shown} can be prepared: {}", chain(&error)),
            hint: "mount a CA bundle at /etc/ssl/certs/ca-certificates.crt, or name one in SSL_CERT_FILE".to_owned(),
        })?;
        Ok(Self { http, base: base.clone(), credentials: credentials.clone(), shown })
    }

    pub fn shown(&self) -> &str {
        &self.shown
    }

    pub async fn get<T: DeserializeOwned>(&self, call: &str, query: &[(&str, &str)]) -> Result<T, Error> {
        let mut url = self.url(&["api", "2.0", "mlflow"], call);
        url.query_pairs_mut().extend_pairs(query);
        self.json(&format!("answer GET {call}"), self.http.get(url).timeout(PATIENCE)).await
    }

    pub async fn post<T: DeserializeOwned>(&self, call: &str, body: &Value) -> Result<T, Error> {
        let url = self.url(&["api", "2.0", "mlflow"], call);
        self.json(&format!("answer POST {call}"), self.http.post(url).json(body).timeout(PATIENCE)).await
    }

    /// The files in a folder of the artifact store, below it.
    pub async fn list<T: DeserializeOwned>(&self, folder: &str) -> Result<T, Error> {
        let mut url = self.artifact("");
        url.query_pairs_mut().append_pair("path", folder);
        self.json("list artifacts", self.http.get(url).timeout(PATIENCE)).await
    }

    /// Puts a file into the artifact store.
    pub async fn upload(&self, path: &str, bytes: Bytes) -> Result<(), Error> {
        // A slow link may take its time: a second per 256 KB.
        let time = PATIENCE + Duration::from_secs(bytes.len() as u64 >> 18);
        self.send(&format!("store {path:?}"), self.http.put(self.artifact(path)).body(bytes).timeout(time))
            .await
            .map(drop)
    }

    /// An artifact's bytes; one more than `most` at the least, if it is longer.
    pub async fn download(&self, path: &str, most: u64) -> Result<Bytes, Error> {
        let late = |_| self.unreachable("it went silent".to_owned());
        let call = format!("hand out {path:?}");
        let request = self.send(&call, self.http.get(self.artifact(path)));
        let mut response = tokio::time::timeout(PATIENCE, request).await.map_err(late)??;
        let mut bytes = BytesMut::new();
        while bytes.len() as u64 <= most {
            let chunk = tokio::time::timeout(PATIENCE, response.chunk()).await.map_err(late)?;
            match chunk.map_err(|error| self.lost(error))? {
                Some(chunk) => bytes.extend_from_slice(&chunk),
                None => break,
            }
        }
        Ok(bytes.freeze())
    }

    /// An error of the server's with a text of ours.
    pub fn refused(&self, call: &str, problem: impl Into<String>, hint: &str) -> Error {
        Error::Refused {
            registry: self.shown.clone(),
            call: call.to_owned(),
            code: String::new(),
            problem: problem.into(),
            hint: hint.to_owned(),
            transient: false,
        }
    }

    async fn json<T: DeserializeOwned>(&self, call: &str, request: RequestBuilder) -> Result<T, Error> {
        let bytes = self.send(call, request).await?.bytes().await.map_err(|error| self.lost(error))?;
        let hint = "check that the address is that of an MLflow server, and not of a page before it";
        serde_json::from_slice(&bytes)
            .map_err(|error| self.refused(call, format!("its answer is not MLflow's: {error}"), hint))
    }

    async fn send(&self, call: &str, request: RequestBuilder) -> Result<Response, Error> {
        let request = match &self.credentials {
            Credentials { token: Some(token), .. } => request.bearer_auth(token.expose_secret()),
            Credentials { username: Some(name), password, .. } => {
                request.basic_auth(name, password.as_ref().map(ExposeSecret::expose_secret))
            }
            _ => request,
        };
        let response = request.send().await.map_err(|error| self.lost(error))?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(refusal::error(&self.shown, call, response).await)
        }
    }

    fn url(&self, before: &[&str], call: &str) -> Url {
        let mut url = self.base.clone();
        // Only URLs such as `mailto:` have no path, and a location is none.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(before).extend(call.split('/').filter(|part| !part.is_empty()));
        }
        url
    }

    fn artifact(&self, path: &str) -> Url {
        self.url(&["api", "2.0", "mlflow-artifacts", "artifacts"], path)
    }

    fn lost(&self, error: reqwest::Error) -> Error {
        self.unreachable(chain(&error.without_url()))
    }

    fn unreachable(&self, problem: String) -> Error {
        Error::Unreachable { registry: self.shown.clone(), problem }
    }
}
