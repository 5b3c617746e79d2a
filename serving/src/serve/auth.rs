//! Who may predict, and who may watch.
//!
//! Keys are compared by their SHA-256 in constant time: neither their length nor their beginning shows in
//! how long a refusal takes.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
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
    /// Several keys, one a line or separated by commas, so that an old and a new one can work side by side.
    ///
    /// # Errors
    /// When there is no key in it: a service that was meant to be closed must not open by mistake.
    pub fn read(name: &str, text: Option<&SecretString>) -> Result<Self, String> {
        let Some(text) = text else { return Ok(Self::default()) };
        let keys = text.expose_secret().split([',', '\n']).map(str::trim).filter(|key| !key.is_empty());
        let keys: Vec<_> = keys.map(|key| Sha256::digest(key).into()).collect();
        if keys.is_empty() {
            return Err(format!("{name} is set, but holds no key\n\nhint: write a key, or leave {name} out"));
        }
        Ok(Self(keys))
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

/// Lets those in who send an API key.
pub async fn api_key(State(service): State<Shared>, request: Request, next: Next) -> Response {
    let sent = request.headers().get("x-api-key").map(HeaderValue::as_bytes);
    if service.api_keys.is_open() || sent.is_some_and(|key| service.api_keys.know(key)) {
        return next.run(request).await;
    }
    refuse("a valid X-API-Key is needed", "ApiKey")
}

/// Lets those in who send the monitoring token.
pub async fn monitoring(State(service): State<Shared>, request: Request, next: Next) -> Response {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    if service.monitoring.is_open() || sent.is_some_and(|token| service.monitoring.know(token)) {
        return next.run(request).await;
    }
    refuse("the monitoring token is needed", "Bearer")
}

/// The same words for a key that is missing and one that is wrong.
fn refuse(error: &str, scheme: &'static str) -> Response {
    let mut response = Refusal::new(StatusCode::UNAUTHORIZED, error, "").into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
    response
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
