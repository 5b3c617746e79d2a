//! What an API answers, as far as the page needs it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The answer for one row.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Answer {
    /// By class value.
    pub probabilities: BTreeMap<String, f64>,
    /// The version that answered.
    pub model_version: String,
}

/// The answer for one row, and what moved it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Explanation {
    /// The same as `/predict` answers.
    #[serde(flatten)]
    pub answer: Answer,
    /// Probabilities before anything is known of the row, by class value.
    pub base_values: BTreeMap<String, f64>,
    /// By feature and class value: together with the base they are the probabilities.
    pub contributions: BTreeMap<String, BTreeMap<String, f64>>,
}
