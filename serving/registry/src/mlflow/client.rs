//! Requests to a tracking server, and what its errors mean.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::{RequestBuilder, Response, StatusCode, header::LOCATION};
use secrecy::ExposeSecret;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use url::Url;

use crate::{
    Credentials, Error,
    error::chain,
    http::{self, PATIENCE},
};

/// No error's body is read further, in bytes.
const LARGEST_ERROR: usize = 64 << 10;

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
        if response.status().is_success() { Ok(response) } else { Err(self.failed(call, response).await) }
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

    async fn failed(&self, call: &str, mut response: Response) -> Error {
        let status = response.status();
        let to = response.headers().get(LOCATION).and_then(|to| self.base.join(to.to_str().ok()?).ok());
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST_ERROR {
                break;
            }
        }
        let Said { error_code: code, message } = serde_json::from_slice(&body).unwrap_or_default();
        let host = status == StatusCode::FORBIDDEN && body.starts_with(b"Invalid Host header");
        let mut problem = status.to_string();
        if let Some(to) = to.filter(|_| status.is_redirection()) {
            // The rest of the address may hold a ticket.
            problem = format!("{problem}, to {}", to.origin().ascii_serialization());
        } else if host {
            problem = format!("{problem}: invalid host header");
        } else if !code.is_empty() {
            problem = format!("{problem}: {code}");
        }
        if let Some(message) = harmless(&code, &message) {
            problem = format!("{problem}: {message}");
        }
        let transient = status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED
            || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
            // What the servers make of any failure of their database.
            || code == "BAD_REQUEST";
        let hint = match status {
            _ if host => "start the server with --allowed-hosts and this host, once with its port and once without",
            StatusCode::UNAUTHORIZED => {
                "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN"
            }
            StatusCode::FORBIDDEN => "give this user the permission, or use another",
            StatusCode::PAYLOAD_TOO_LARGE => "raise the limit of the proxy before the server",
            _ if status.is_redirection() => "write the address that it redirects to",
            StatusCode::NOT_FOUND if code.is_empty() => "check the address: MLflow is not there",
            _ => "see the server's log",
        };
        Error::Refused {
            registry: self.shown.clone(),
            call: call.to_owned(),
            code,
            problem,
            hint: hint.to_owned(),
            transient,
        }
    }
}

/// The body of MLflow's errors; other servers before it send pages.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    error_code: String,
    message: String,
}

/// The first line of a message that explains what the caller did wrong; others quote statements and addresses of databases.
fn harmless(code: &str, message: &str) -> Option<String> {
    let known = ["INVALID_PARAMETER_VALUE", "RESOURCE_ALREADY_EXISTS", "RESOURCE_DOES_NOT_EXIST", "PERMISSION_DENIED"];
    let end = ["\n", " Error: ", "(psycopg", "(sqlite", "(pymysql", "(MySQL", "[SQL"];
    let end = end.iter().filter_map(|mark| message.find(mark)).min().unwrap_or(message.len());
    let line: String = message[..end].trim().chars().take(300).collect();
    (known.contains(&code) && !line.is_empty()).then_some(line)
}

/// Whether the server says that there is no such thing: a missing alias is a bad parameter to it.
pub(crate) fn said_no(error: &Error) -> bool {
    let Error::Refused { code, problem, .. } = error else { return false };
    code == "RESOURCE_DOES_NOT_EXIST" || code == "INVALID_PARAMETER_VALUE" && problem.contains("not found")
}
