//! The inputs of a model.

use deserr::Deserr;
use documents::Located;
use schemars::JsonSchema;

/// One input.
#[derive(Debug, Clone, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Feature {
    /// The column's name, and the key in a request.
    pub name: Located<String>,
    /// What it holds.
    #[deserr(rename = "type")]
    #[schemars(rename = "type")]
    pub kind: FeatureType,
    /// The unit, for people.
    #[deserr(default)]
    #[schemars(default)]
    pub unit: Option<String>,
    /// Lowest and highest usual value of a number. It is what the page offers; it refuses nothing.
    #[deserr(default)]
    #[schemars(default, length(equal = 2))]
    pub range: Option<Located<Vec<f64>>>,
    /// Smallest step of a slider; 1 if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub step: Option<Located<f64>>,
    /// The value a page begins with; the middle of the range if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub default: Option<Located<f64>>,
    /// The values of a category.
    #[deserr(default)]
    #[schemars(default)]
    pub values: Option<Located<Vec<String>>>,
    /// How the model gets a category; `onehot` if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub encoding: Option<Located<Encoding>>,
}

/// How a model, which knows only numbers, gets a category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserr, JsonSchema)]
#[deserr(rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
pub enum Encoding {
    /// A column of 0 and 1 for each value, in the order of `values`: scikit-learn's `OneHotEncoder`.
    #[default]
    OneHot,
    /// One column with the value's place in `values`, from 0: scikit-learn's `OrdinalEncoder`.
    Ordinal,
}

/// What an input holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, JsonSchema, serde::Serialize, serde::Deserialize)]
#[deserr(rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum FeatureType {
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// One of a few words.
    Category,
}
