//! What a tracking server's errors mean, and what of them may be shown: 2.17 quotes statements, values and addresses of its
//! database, and proxies before it send pages.

use reqwest::{Response, StatusCode, header::LOCATION};
use serde::Deserialize;

use crate::Error;

/// No error's body is read further, in bytes.
const LARGEST: usize = 64 << 10;

/// What the servers make of any failure of their database.
const DATABASE: &str = "BAD_REQUEST";

/// The error that an answer is.
pub(crate) async fn error(registry: &str, call: &str, mut response: Response) -> Error {
    let status = response.status();
    let to = response.headers().get(LOCATION).and_then(|to| response.url().join(to.to_str().ok()?).ok());
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST {
            break;
        }
    }
    let Said { error_code: code, message } = serde_json::from_slice(&body).unwrap_or_default();
    let code = Some(code)
        .filter(|code| code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
        .unwrap_or_default();
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
        || code == DATABASE;
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
        registry: registry.to_owned(),
        call: call.to_owned(),
        code,
        problem,
        hint: hint.to_owned(),
        transient,
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

/// Whether a statement failed in the server's database.
pub(crate) fn is_database(error: &Error) -> bool {
    matches!(error, Error::Refused { code, .. } if code == DATABASE)
}

/// Whether the server says that there is no such thing: a missing alias is a bad parameter to it.
pub(crate) fn said_no(error: &Error) -> bool {
    let Error::Refused { code, problem, .. } = error else { return false };
    code == "RESOURCE_DOES_NOT_EXIST" || code == "INVALID_PARAMETER_VALUE" && problem.contains("not found")
}
