//! Lines of JSON on stdout, which a cluster collects; and, if somebody takes them, traces by OTLP.

use std::str::FromStr;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tracing::Level;
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

use super::Trouble;
use crate::serve::REQUESTS;

/// Our own crates. Others are heard from `warn` upwards: what they say below may hold headers, and so keys.
const OURS: [&str; 4] = ["serving", "page", "registry", "prediction_log"];

/// The least severe lines that are logged.
#[derive(Debug, Clone, Copy)]
pub struct LogLevel(Level);

impl FromStr for LogLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text:?} is none of trace, debug, info, warn, error"))
    }
}

/// What sends traces; they are sent out when it is told to shut down.
pub type Traces = Option<SdkTracerProvider>;

/// Starts logging, and tracing where `otlp` is an address.
pub fn start(LogLevel(level): LogLevel, otlp: Option<&str>, model: &str) -> Result<Traces, Trouble> {
    let others = Targets::new().with_default(Level::WARN.min(level));
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false);
    let lines = lines.with_span_list(false).with_filter(others.with_targets(OURS.map(|target| (target, level))));
    let provider = otlp.map(|address| provider(address, model)).transpose()?;
    let spans = provider.as_ref().map(|provider| {
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("serving"));
        layer.with_filter(Targets::new().with_target(REQUESTS, Level::INFO))
    });
    tracing_subscriber::registry().with(lines).with(spans).init();
    Ok(provider)
}

fn provider(address: &str, model: &str) -> Result<SdkTracerProvider, Trouble> {
    registry::tls();
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let whole = format!("{}/v1/traces", address.trim_end_matches('/'));
    let exporter = SpanExporter::builder().with_http().with_endpoint(whole).build().map_err(|error| {
        Trouble::Input(format!("traces cannot be sent to {address}: {error}\n\nhint: write http://host:4318"))
    })?;
    let resource = Resource::builder().with_service_name(format!("serving-{model}")).build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}
