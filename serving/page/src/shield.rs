//! Headers of every answer, and its line in the log.
//!
//! Nothing in a page may be anybody else's: no script and no style but our files, no frame around it, nothing fetched from
//! elsewhere (<https://www.w3.org/TR/CSP3/>, <https://owasp.org/www-project-secure-headers/>).

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use tracing::{debug, info, warn};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Names and values that every answer has.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // The address holds what was asked about somebody.
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Wraps a request.
pub async fn shield(request: Request, next: Next) -> Response {
    let (start, method) = (Instant::now(), request.method().clone());
    let path = request.extensions().get::<MatchedPath>().cloned();
    let https = request.headers().get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if https {
        // Over plain http browsers ignore it, and complain.
        let policy = HeaderName::from_static("cross-origin-opener-policy");
        headers.insert(policy, HeaderValue::from_static("same-origin"));
    }
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages hold what was asked about somebody: no cache keeps them. Files say for themselves how long they are good.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let path = path.as_ref().map_or("other", MatchedPath::as_str);
    let (status, took_us) =
        (response.status().as_u16(), u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX));
    match status {
        500.. => warn!(%method, path, status, took_us, "answered"),
        400.. => info!(%method, path, status, took_us, "answered"),
        _ => debug!(%method, path, status, took_us, "answered"),
    }
    response
}
