//! What an environment says of the serving image.

use builders::ImageRef;
use deserr::Deserr;
use schemars::JsonSchema;

/// The image and what all its programs share.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", default, rename = "ServingValues")]
#[serde(rename_all = "camelCase")]
pub struct Values {
    /// The serving image.
    #[deserr(default = Values::default().image)]
    pub image: ImageRef,
    /// The least severe lines that are logged.
    #[deserr(default = Values::default().log_level)]
    pub log_level: LogLevel,
}

/// The least severe lines that are logged.
#[derive(Debug, Clone, Copy, Deserr, JsonSchema, serde::Serialize)]
#[deserr(rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Everything.
    Trace,
    /// What a developer asks for.
    Debug,
    /// What happens.
    Info,
    /// What may become a fault.
    Warn,
    /// Faults.
    Error,
}

impl Default for Values {
    fn default() -> Self {
        Self { image: ImageRef::literal("mlstack/serving:v1"), log_level: LogLevel::Info }
    }
}

impl LogLevel {
    /// As `LOG_LEVEL` has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}
