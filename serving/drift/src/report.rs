//! What a comparison tells.

use serde::{Deserialize, Serialize};

/// From where on it is drift.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// The chance of a false alarm that is taken, for the whole report: a corrected p-value under it is significant.
    pub level: f64,
    /// The population stability index from which on a difference is large.
    pub psi: f64,
    /// The fewest rows that say anything.
    pub rows: u64,
}

impl Default for Limits {
    /// Level 0.01, index 0.2, 200 rows.
    fn default() -> Self {
        Self { level: 0.01, psi: 0.2, rows: 200 }
    }
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Significant and large.
    Drift,
    /// One or the other, or neither.
    NoDrift,
    /// Too few values to tell, which is not the same.
    NotEnoughData,
}

/// A window beside a reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Drift, if any feature drifts; else not enough data, if any has too few; else none.
    pub status: Status,
    /// What it was judged by.
    pub limits: Limits,
    /// Rows of the window.
    pub rows: u64,
    /// In the order of the reference.
    pub features: Vec<Feature>,
}

/// One feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it drifts.
    pub status: Status,
    /// Values in the reference.
    pub reference: u64,
    /// Values in the window.
    pub window: u64,
    /// Rows of the window in which it has no value, or none of its kind. They are left out of everything else.
    pub missing: u64,
    /// Words of the window that the reference does not have; together they are a category of their own.
    pub unseen: u64,
    /// The comparison; none where there are too few values.
    pub comparison: Option<Comparison>,
    /// Both samples, for a picture.
    pub bins: Vec<Bin>,
}

/// What a feature holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A number.
    Number,
    /// One of a few words.
    Category,
}

/// How two samples of a feature differ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Which test.
    pub test: Test,
    /// Its statistic.
    pub statistic: f64,
    /// The chance of such a statistic without drift.
    pub p_value: f64,
    /// The same after Holm's correction over all features that were compared.
    pub corrected_p_value: f64,
    /// Population stability index, over the deciles of the reference or over words.
    pub psi: f64,
    /// Jensen-Shannon distance, base 2, over the same bins; nobody is alarmed by it.
    pub jensen_shannon: f64,
}

/// A test of two samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Of numbers.
    KolmogorovSmirnov,
    /// Of words.
    ChiSquare,
}

/// How many values of both samples belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// The word; of a category's, none stands for words that the reference does not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The least number in it; none where it begins below the reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// The least number that is not in it any more (the last bin of the reference has its largest); none where it has no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// Values of the reference.
    pub reference: u64,
    /// Values of the window.
    pub window: u64,
}
