//! What the training data looked like: for drift and for explanations.

use std::collections::BTreeMap;

use model_file::{FeatureType, ModelFile};
use rand::{SeedableRng, seq::index};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::Table;

/// Rows that a reference sample holds at most; two-sample tests gain nothing from more.
const SAMPLE: usize = 10_000;
/// Rows of the background sample, as the `shap` package has them by default.
const BACKGROUND: usize = 100;

/// Samples of the data that a model was trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// The model's name in the registry, by which the sample of another model is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The SHA-256 of the data in hexadecimal, by which the sample of another version is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_sha256: Option<String>,
    /// Rows that the samples speak of.
    pub rows: usize,
    /// One sample per feature, in the model's order.
    pub features: Vec<Sample>,
    /// Whole rows, in the model's order of features; a category is its place in `values`.
    pub background: Vec<Vec<f32>>,
}

/// The sample of one feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub struct Sample {
    /// The feature.
    pub name: String,
    /// The values of a number, rising; empty for a category.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sorted: Vec<f32>,
    /// How often each value of a category was there; empty for a number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, usize>,
}

impl Reference {
    /// Samples `table` by the model's seed.
    pub fn of(table: &Table, file: &ModelFile) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(file.training.random_state);
        let mut draw = |rows: usize| {
            let mut rows = index::sample(&mut random, table.len(), rows.min(table.len())).into_vec();
            rows.sort_unstable();
            rows
        };
        let (rows, background) = (draw(SAMPLE), draw(BACKGROUND));
        let sample = |(place, feature): (usize, &model_file::Feature)| {
            let values = rows.iter().map(|&row| table.row(row)[place]);
            let (mut sorted, mut counts) = (Vec::new(), BTreeMap::new());
            if feature.kind == FeatureType::Category {
                let names = feature.values.as_ref().map_or(&[][..], |values| &values.value);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
                for value in values {
                    *counts.entry(names[value as usize].clone()).or_default() += 1;
                }
            } else {
                sorted = values.collect();
                sorted.sort_unstable_by(f32::total_cmp);
            }
            Sample { name: feature.name.value.clone(), sorted, counts }
        };
        Self {
            model: None,
            data_sha256: None,
            rows: rows.len(),
            features: file.features.value.iter().enumerate().map(sample).collect(),
            background: background.iter().map(|&row| table.row(row).to_vec()).collect(),
        }
    }
}
