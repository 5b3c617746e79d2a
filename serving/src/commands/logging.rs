//! Lines of JSON on stdout: what a cluster collects.

use std::str::FromStr;

use tracing::Level;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

/// Our own crates. Others are heard from `warn` upwards: what they say below may hold headers, and so keys.
const OURS: [&str; 3] = ["serving", "registry", "prediction_log"];

/// The least severe lines that are logged.
#[derive(Debug, Clone, Copy)]
pub struct LogLevel(Level);

impl FromStr for LogLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text:?} is none of trace, debug, info, warn, error"))
    }
}

/// Starts logging.
pub fn start(LogLevel(level): LogLevel) {
    let others = Targets::new().with_default(Level::WARN.min(level));
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false);
    let filter = others.with_targets(OURS.map(|target| (target, level)));
    tracing_subscriber::registry().with(lines).with(filter).init();
}
