//! The features of a model, ready for requests.

use std::collections::HashMap;

use model_file::{FeatureType, ModelFile};

/// The features, in the model's order.
#[derive(Debug)]
pub struct Features {
    list: Vec<Feature>,
    by_name: HashMap<String, usize>,
}

/// One of them.
#[derive(Debug)]
pub struct Feature {
    /// The key in a request.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Lowest and highest usual value.
    pub range: Option<(f64, f64)>,
    /// The unit, for people.
    pub unit: Option<String>,
    /// A value that a form begins with.
    pub example: serde_json::Value,
}

/// What a feature holds.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// One of these words.
    Category(Vec<String>),
}

impl Features {
    /// Those of a model file.
    pub fn of(file: &ModelFile) -> Self {
        let feature = |stated: &model_file::Feature| Feature {
            name: stated.name.value.clone(),
            kind: match stated.kind {
                FeatureType::Integer => Kind::Integer,
                FeatureType::Number => Kind::Number,
                FeatureType::Category => {
                    Kind::Category(stated.values.as_ref().map_or_else(Vec::new, |values| values.value.clone()))
                }
            },
            range: stated.range.as_ref().and_then(|range| Some((*range.value.first()?, *range.value.get(1)?))),
            unit: stated.unit.clone(),
            example: example(stated),
        };
        let list: Vec<Feature> = file.features.value.iter().map(feature).collect();
        let by_name = list.iter().enumerate().map(|(place, feature)| (feature.name.clone(), place)).collect();
        Self { list, by_name }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// In the model's order.
    pub fn all(&self) -> std::slice::Iter<'_, Feature> {
        self.list.iter()
    }

    /// The one at `place`.
    pub fn at(&self, place: usize) -> &Feature {
        &self.list[place]
    }

    /// The place of `name`; requests mostly keep the model's order, so `guess` is asked first.
    pub fn place(&self, name: &str, guess: usize) -> Option<usize> {
        match self.list.get(guess) {
            Some(feature) if feature.name == name => Some(guess),
            _ => self.by_name.get(name).copied(),
        }
    }
}

/// The default, or the middle of the range, or the first of the words.
fn example(stated: &model_file::Feature) -> serde_json::Value {
    if let Some(values) = &stated.values {
        return values.value.first().cloned().into();
    }
    let middle = stated.range.as_ref().map_or(0.0, |range| range.value.iter().sum::<f64>() / 2.0);
    let value = stated.default.as_ref().map_or(middle, |default| default.value);
    #[expect(clippy::cast_possible_truncation, reason = "rounded on purpose")]
    if stated.kind == FeatureType::Integer { (value.round() as i64).into() } else { value.into() }
}

impl Feature {
    /// Whether it holds words.
    pub fn is_category(&self) -> bool {
        matches!(self.kind, Kind::Category(_))
    }

    /// How large a number may be, with either sign: what JSON's readers agree on (RFC 8259), and what trees can compare.
    pub fn limit(&self) -> f64 {
        if self.kind == Kind::Integer { 9_007_199_254_740_991.0 } else { f32::MAX.into() }
    }

    /// A number as a row has it.
    ///
    /// # Errors
    /// What the number should be instead.
    pub fn number(&self, value: f64) -> Result<f32, String> {
        #[expect(clippy::cast_possible_truncation, reason = "trees compare f32")]
        let narrow = value as f32;
        match &self.kind {
            Kind::Category(values) => Err(format!("must be one of {}, found a number", values.join(", "))),
            Kind::Integer if value.fract() != 0.0 => Err(format!("must be a whole number, found {value}")),
            _ if value.is_nan() || value.abs() > self.limit() => Err(format!("is too large for a model: {value}")),
            _ => Ok(narrow),
        }
    }

    /// A word as a row has it.
    ///
    /// # Errors
    /// What the word should be instead.
    pub fn word(&self, word: &str) -> Result<f32, String> {
        match &self.kind {
            Kind::Category(values) => {
                #[expect(clippy::cast_precision_loss, reason = "a handful of values")]
                let code = values.iter().position(|value| value == word).map(|code| code as f32);
                code.ok_or_else(|| format!("must be one of {}, found {word:?}", values.join(", ")))
            }
            _ => Err(format!("must be {}, found text", self.wanted())),
        }
    }

    /// What it wants, in words.
    pub fn wanted(&self) -> String {
        match &self.kind {
            Kind::Integer => "a whole number".to_owned(),
            Kind::Number => "a number".to_owned(),
            Kind::Category(values) => format!("one of {}", values.join(", ")),
        }
    }

    /// A value of a row as a client would write it.
    pub fn shown(&self, value: f32) -> serde_json::Value {
        match &self.kind {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
            Kind::Category(values) => values.get(value as usize).cloned().into(),
            #[expect(clippy::cast_possible_truncation, reason = "whole, as checked")]
            Kind::Integer => (value as i64).into(),
            // The shortest decimal of the f32 is what the client wrote, not the f64 behind it.
            Kind::Number => value.to_string().parse::<f64>().map_or(serde_json::Value::Null, Into::into),
        }
    }
}
