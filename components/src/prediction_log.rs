//! Where an API keeps its predictions.

use deserr::Deserr;
use schemars::JsonSchema;

/// Where predictions are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserr, JsonSchema, serde::Serialize)]
#[deserr(rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum PredictionLog {
    /// Nowhere.
    #[default]
    Off,
    /// In the stack's database.
    Postgres,
}
