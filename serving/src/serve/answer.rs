//! What `/predict` answers: probabilities, and what the model file makes of them.

use forest::likeliest;
use model_file::{AnswerValue, ModelFile};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::model::{Features, Loaded};

/// The words of answers, from the model file.
#[derive(Debug)]
pub struct Words {
    /// The model's name in the registry.
    pub model: String,
    /// Value and label of each class, in the model's order.
    pub classes: Vec<(String, String)>,
    /// The class that risk levels and further fields speak of.
    pub positive: Option<usize>,
    /// Label and end of each risk level.
    levels: Vec<(String, f64)>,
    /// Further fields.
    fields: Vec<(String, AnswerValue)>,
}

impl Words {
    /// Those of a model file, for a model of this name.
    pub fn of(file: &ModelFile, model: &str) -> Self {
        let classes = &file.classes.value;
        let level = |level: &model_file::RiskLevel| {
            (level.label.clone(), level.below.as_ref().map_or(f64::INFINITY, |below| below.value))
        };
        Self {
            model: model.to_owned(),
            classes: classes.iter().map(|class| (class.value.value.clone(), class.label.clone())).collect(),
            positive: classes.iter().position(|class| class.positive),
            levels: file.risk_levels.value.iter().map(level).collect(),
            fields: file.answer.iter().map(|answer| (answer.field.value.clone(), answer.holds)).collect(),
        }
    }

    fn level(&self, probability: f64) -> Option<&str> {
        self.levels.iter().find(|(_, end)| probability < *end).map(|(label, _)| label.as_str())
    }
}

/// A value outside the usual range of its feature: served, and said.
#[derive(Debug, Serialize)]
struct Warning<'a> {
    field: &'a str,
    message: String,
}

/// The answer for one row.
#[derive(Debug)]
pub struct Answer<'a> {
    words: &'a Words,
    version: &'a str,
    probabilities: &'a [f64],
    warnings: Vec<Warning<'a>>,
}

/// The answers for a body: one, or an array.
#[derive(Debug)]
pub struct Answers<'a> {
    answers: Vec<Answer<'a>>,
    many: bool,
}

impl<'a> Answers<'a> {
    /// Those for `probabilities` (`[rows × classes]`) of `rows` (`[rows × features]`), as an array.
    pub fn new(
        words: &'a Words,
        features: &'a Features,
        model: &'a Loaded,
        rows: &[f32],
        probabilities: &'a [f64],
    ) -> Self {
        let answers = rows.chunks_exact(features.count()).zip(probabilities.chunks_exact(words.classes.len()));
        let answers = answers.map(|(row, probabilities)| Answer {
            words,
            version: &model.version,
            probabilities,
            warnings: warnings(features, row),
        });
        Self { answers: answers.collect(), many: true }
    }

    /// As an array, or the one answer by itself.
    pub fn many(self, many: bool) -> Self {
        Self { many, ..self }
    }

    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &Answer<'a>> {
        self.answers.iter()
    }
}

fn warnings<'a>(features: &'a Features, row: &[f32]) -> Vec<Warning<'a>> {
    let outside = features.all().zip(row).filter_map(|(feature, &value)| {
        #[expect(clippy::cast_possible_truncation, reason = "compared as the model compares")]
        let (low, high) = feature.range.filter(|&(low, high)| value < low as f32 || value > high as f32)?;
        let message = format!("{value} is outside the usual range {low} to {high}");
        Some(Warning { field: &feature.name, message })
    });
    outside.collect()
}

impl Answer<'_> {
    /// The likeliest class, by its place.
    pub fn class(&self) -> usize {
        likeliest(self.probabilities)
    }

    fn positive(&self) -> Option<f64> {
        self.words.positive.map(|class| self.probabilities[class])
    }
}

impl Serialize for Answers<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.answers.as_slice() {
            [answer] if !self.many => answer.serialize(out),
            answers => out.collect_seq(answers),
        }
    }
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let words = self.words;
        let (value, label) = &words.classes[self.class()];
        let asked = |name: &str| words.fields.iter().any(|(field, _)| field == name);
        let mut map = out.serialize_map(None)?;
        for (field, holds) in &words.fields {
            match holds {
                AnswerValue::IsPositive => map.serialize_entry(field, &(words.positive == Some(self.class())))?,
                AnswerValue::Probability => map.serialize_entry(field, &self.positive())?,
                AnswerValue::RiskLevel => {
                    map.serialize_entry(field, &self.positive().and_then(|share| words.level(share)))?;
                }
            }
        }
        // What the model file asks for goes before what is always there.
        for (name, text) in [("class", value), ("label", label)] {
            if !asked(name) {
                map.serialize_entry(name, text)?;
            }
        }
        if !asked("probabilities") {
            map.serialize_entry("probabilities", &Probabilities(words, self.probabilities))?;
        }
        if let Some(level) = self.positive().and_then(|share| words.level(share)).filter(|_| !asked("risk_level")) {
            map.serialize_entry("risk_level", level)?;
        }
        for (name, text) in [("model_name", words.model.as_str()), ("model_version", self.version)] {
            if !asked(name) {
                map.serialize_entry(name, text)?;
            }
        }
        if !(self.warnings.is_empty() || asked("warnings")) {
            map.serialize_entry("warnings", &self.warnings)?;
        }
        map.end()
    }
}

/// By class value.
struct Probabilities<'a>(&'a Words, &'a [f64]);

impl Serialize for Probabilities<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.0.classes.iter().map(|(value, _)| value).zip(self.1))
    }
}
