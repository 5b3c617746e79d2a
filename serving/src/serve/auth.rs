//! Who may predict, and who may watch.
//!
//! Keys are compared by their SHA-256 in constant time: neither their length nor their beginning shows in
//! how long a refusal takes.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::{Refusal, Shared};

/// Keys that open something; without any it is open to everybody.
#[derive(Default)]
pub struct Keys(Vec<[u8; 32]>);

impl Keys {
    /// Several keys, so that an old and a new one can work side by side.
    ///
    /// # Errors
    /// When there is no key in it: a service that was meant to be closed must not open by mistake.
    pub fn read(name: &str, text: Option<&SecretString>) -> Result<Self, String> {
        let Some(text) = text else { return Ok(Self::default()) };
        Ok(Self(keys(name, text)?.into_iter().map(|key| Sha256::digest(key).into()).collect()))
    }

    /// Whether everybody may come in.
    pub fn is_open(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `key` is one of them.
    fn know(&self, key: &[u8]) -> bool {
        let digest: [u8; 32] = Sha256::digest(key).into();
        // Every key is compared, whichever fits.
        self.0.iter().fold(Choice::from(0), |known, key| known | key.ct_eq(&digest)).into()
    }
}

/// The keys in `text`, one a line or separated by commas: at least one.
///
/// # Errors
/// When there is none; `name` is what was to hold it.
pub fn keys<'t>(name: &str, text: &'t SecretString) -> Result<Vec<&'t str>, String> {
    let keys = text.expose_secret().split([',', '\n']).map(str::trim).filter(|key| !key.is_empty());
    let keys: Vec<_> = keys.collect();
    if keys.is_empty() {
        return Err(format!("{name} is set, but holds no key\n\nhint: write a key, or leave {name} out"));
    }
    Ok(keys)
}

/// Somebody who sent an API key, where one is needed. Handlers ask for it before anything else.
pub struct ApiKey;

impl FromRequestParts<Shared> for ApiKey {
    type Rejection = Stranger;

    async fn from_request_parts(request: &mut Parts, service: &Shared) -> Result<Self, Stranger> {
        let sent = request.headers.get("x-api-key").map(HeaderValue::as_bytes);
        let known = service.api_keys.is_open() || sent.is_some_and(|key| service.api_keys.know(key));
        let stranger = Stranger { error: "a valid X-API-Key is needed", scheme: "ApiKey" };
        if known { Ok(Self) } else { Err(stranger) }
    }
}

/// Somebody who sent the monitoring token, where one is needed. Handlers ask for it before anything else.
pub struct MonitoringToken;

impl FromRequestParts<Shared> for MonitoringToken {
    type Rejection = Stranger;

    async fn from_request_parts(request: &mut Parts, service: &Shared) -> Result<Self, Stranger> {
        let sent = request.headers.get(header::AUTHORIZATION);
        let sent = sent.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        let known = service.monitoring.is_open() || sent.is_some_and(|token| service.monitoring.know(token));
        let stranger = Stranger { error: "the monitoring token is needed", scheme: "Bearer" };
        if known { Ok(Self) } else { Err(stranger) }
    }
}

/// Somebody without a key, or with a wrong one: they are told the same.
#[derive(Debug)]
pub struct Stranger {
    error: &'static str,
    scheme: &'static str,
}

impl IntoResponse for Stranger {
    fn into_response(self) -> Response {
        let mut response = Refusal::new(StatusCode::UNAUTHORIZED, self.error, "").into_response();
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(self.scheme));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_new_keys_work_side_by_side() {
        let keys = Keys::read("API_KEY", Some(&SecretString::from("old, new\nnewest\n"))).expect("three keys");
        assert!([&b"old"[..], b"new", b"newest"].into_iter().all(|key| keys.know(key)));
        assert!([&b""[..], b"ol", b"old,", b"NEW"].into_iter().all(|key| !keys.know(key)));
    }

    #[test]
    fn an_empty_key_never_opens() {
        assert!(Keys::read("API_KEY", Some(&SecretString::from(" ,\n"))).is_err());
        assert!(Keys::read("API_KEY", None).is_ok_and(|keys| keys.is_open()));
    }
}
