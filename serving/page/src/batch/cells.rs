//! A cell, as the API wants it, or what is wrong with it.

use std::fmt::Write;

use model_file::{DescribedFeature, FeatureType};

use crate::{forms::Input, words::Words};

/// A feature with what is written for each row alike.
#[derive(Debug)]
pub struct Reads<'m> {
    feature: &'m DescribedFeature,
    key: String,
    /// Of a category, the values as JSON.
    values: Vec<String>,
}

impl<'m> Reads<'m> {
    /// How the cells of a feature are read.
    pub fn of(feature: &'m DescribedFeature) -> Self {
        let json = |text: &String| serde_json::Value::from(text.as_str()).to_string();
        Self { feature, key: json(&feature.name), values: feature.values.iter().map(json).collect() }
    }

    /// The feature's name.
    pub fn name(&self) -> &str {
        &self.feature.name
    }

    /// The same as JSON.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Writes a cell as JSON, or says what is wrong with it.
    pub fn write(&self, cell: &str, delimiter: u8, words: &'static Words, json: &mut String) -> Result<(), String> {
        let (cell, kind) = (cell.trim(), self.feature.kind);
        if kind == FeatureType::Category {
            if let Some(place) = self.feature.values.iter().position(|value| value == cell) {
                json.push_str(&self.values[place]);
                return Ok(());
            }
        } else if let Ok(number) = cell.parse::<f64>()
            // What is plainly fine; the rest is for `Input` to judge.
            && number.abs() < 1e15
            && (kind == FeatureType::Number || number.fract() == 0.0)
        {
            let _ = write!(json, "{number}");
            return Ok(());
        }
        if cell.is_empty() {
            return Err(words.batch_blank.to_owned());
        }
        let input = Input::read(self.feature, cell, words);
        // Where a comma separates cells, one in a number may just as well separate thousands.
        let comma = delimiter == b',' && kind != FeatureType::Category && cell.contains(',');
        let problem = input.problem.or_else(|| comma.then(|| words.number_wanted.to_owned()));
        if let Some(problem) = problem {
            let short: String = cell.chars().take(40).collect();
            return Err(format!("{problem} ({short})"));
        }
        let _ = write!(json, "{}", input.value);
        Ok(())
    }
}
