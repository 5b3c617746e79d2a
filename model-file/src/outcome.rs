//! What a model tells, and in which words.

use deserr::Deserr;
use documents::Located;
use schemars::JsonSchema;

/// Something the model tells apart from the rest.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Class {
    /// As in the target column.
    pub value: Located<String>,
    /// For people.
    pub label: String,
    /// Whether its probability is what risk levels speak of; exactly one class of two.
    #[deserr(default)]
    #[schemars(default)]
    pub positive: bool,
}

/// A word for a range of probabilities.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct RiskLevel {
    /// For people.
    pub label: String,
    /// The probability it ends at, exclusive; the last level has none.
    #[deserr(default)]
    #[schemars(default)]
    pub below: Option<Located<f64>>,
}

/// A field of an answer of `/predict`.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Answer {
    /// The field's name.
    pub field: Located<String>,
    /// What it holds.
    pub holds: AnswerValue,
}

/// What a field of an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, JsonSchema, serde::Serialize)]
#[schemars(rename_all = "snake_case")]
pub enum AnswerValue {
    /// Whether the positive class is the likelier one: a boolean.
    #[deserr(rename = "is_positive")]
    IsPositive,
    /// The probability of the positive class: a number from 0 to 1.
    #[deserr(rename = "probability")]
    Probability,
    /// The word for that probability: text.
    #[deserr(rename = "risk_level")]
    RiskLevel,
}
