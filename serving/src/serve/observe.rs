//! What surrounds every request: its id, its time, its place among the others, its line in the log.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use opentelemetry_http::HeaderExtractor;
use tracing::{Instrument, Span, debug, field::Empty, info, info_span, warn};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use uuid::Uuid;

use super::{Refusal, Shared, predict::tried};

/// The target of the spans of requests.
pub const REQUESTS: &str = "serving::requests";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps a request. What has to work under any load and answers at once is never shed: probes and metrics.
pub async fn observe(State(service): State<Shared>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.as_ref().map_or("other", MatchedPath::as_str);
    let id = id(request.headers());
    let works = predicts(path);
    let asks = match path {
        "/explain" => false,
        "/predict" => !tried(request.uri().query()),
        _ => works,
    };
    let permit = if works { service.places.try_acquire().ok() } else { None };
    service.metrics.in_flight.inc();
    let mut response = if works && permit.is_none() {
        service.metrics.shed.inc();
        Refusal::busy("too many requests are being answered").into_response()
    } else {
        let span = if service.traced { span(&request, path) } else { Span::none() };
        let answer = tokio::time::timeout(service.limits.timeout, next.run(request).instrument(span.clone())).await;
        if let Ok(response) = &answer {
            span.record("http.response.status_code", response.status().as_u16());
        }
        answer.unwrap_or_else(|_| {
            Refusal::new(
                StatusCode::REQUEST_TIMEOUT,
                "the request took too long to arrive, or to be answered",
                "send it faster, or in parts",
            )
            .into_response()
        })
    };
    drop(permit);
    service.metrics.in_flight.dec();
    let took = start.elapsed();
    let status = response.status();
    service.metrics.answered(method.as_str(), path, status, took);
    if asks {
        service.metrics.predicted(status, took);
    }
    let (shown, code) = (id.to_str().unwrap_or_default(), status.as_u16());
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    macro_rules! line {
        ($level:ident) => {
            $level!(request_id = shown, %method, path, status = code, took_us, "answered")
        };
    }
    match code {
        // A pod that waits or drains says so once by itself, and the kubelet asks for ever.
        _ if matches!(path, "/health" | "/startup" | "/ready" | "/v2/health/live" | "/v2/health/ready") => line!(debug),
        500.. => line!(warn),
        400.. => line!(info),
        _ => line!(debug),
    }
    response.headers_mut().insert(REQUEST_ID, id);
    // Answers are data, whatever a browser makes of them.
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if service.is_draining() || status == StatusCode::REQUEST_TIMEOUT {
        // A client that keeps its connection finds a new pod for the next request; what comes after a request that was
        // cut off would be the rest of it.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Whether what is asked under a route is a prediction.
fn predicts(path: &str) -> bool {
    matches!(path, "/predict" | "/explain") || path.ends_with("/infer")
}

/// A span of the client's trace, with the names of OpenTelemetry's conventions for HTTP
/// (<https://opentelemetry.io/docs/specs/semconv/http/http-spans/>).
fn span(request: &Request, path: &str) -> Span {
    let method = request.method().as_str();
    let name = format!("{method} {path}");
    let span = info_span!(target: REQUESTS, "request", otel.name = name, otel.kind = "server",
        http.request.method = method, http.route = path, http.response.status_code = Empty);
    let context = opentelemetry::global::get_text_map_propagator(|propagator| {
        propagator.extract(&HeaderExtractor(request.headers()))
    });
    // Without a layer that takes spans there is no parent to set; then nobody asks for one.
    let _ = span.set_parent(context);
    span
}

/// The client's own id, or its trace's (<https://www.w3.org/TR/trace-context/>), or a new one.
fn id(headers: &HeaderMap) -> HeaderValue {
    let own = headers.get(&REQUEST_ID).filter(|id| {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
        (1..=128).contains(&id.len()) && id.as_bytes().iter().all(plain)
    });
    let trace = || {
        let text = headers.get("traceparent")?.to_str().ok()?;
        let trace = text.split('-').nth(1)?;
        let valid =
            trace.len() == 32 && trace.bytes().all(|byte| byte.is_ascii_hexdigit()) && trace.bytes().any(|b| b != b'0');
        HeaderValue::from_str(trace).ok().filter(|_| valid)
    };
    let new = || {
        let mut text = [0; uuid::fmt::Simple::LENGTH];
        HeaderValue::from_str(Uuid::now_v7().simple().encode_lower(&mut text)).unwrap_or(HeaderValue::from_static("-"))
    };
    own.cloned().or_else(trace).unwrap_or_else(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_clients_or_the_traces_or_new() {
        let of = |pairs: &[(&'static str, &'static str)]| {
            let headers =
                pairs.iter().map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            id(&headers.collect()).to_str().expect("text").to_owned()
        };
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(of(&[("x-request-id", "a-1"), ("traceparent", trace)]), "a-1");
        assert_eq!(of(&[("traceparent", trace)]), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(of(&[("x-request-id", "a\" b"), ("traceparent", "00-0-1")]).len(), 32);
        assert_ne!(of(&[]), of(&[]));
    }
}
