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
    /// The fields of an answer, in their order.
    fields: Vec<(String, Holds)>,
}

/// What a field of an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    IsPositive,
    Probability,
    RiskLevel,
    Class,
    Label,
    Probabilities,
    ModelName,
    ModelVersion,
    Warnings,
}

/// What every answer has, unless the model file asks for something else under the name.
const ALWAYS: [(&str, Holds); 7] = [
    ("class", Holds::Class),
    ("label", Holds::Label),
    ("probabilities", Holds::Probabilities),
    ("risk_level", Holds::RiskLevel),
    ("model_name", Holds::ModelName),
    ("model_version", Holds::ModelVersion),
    ("warnings", Holds::Warnings),
];

impl Words {
    /// Those of a model file, for a model of this name.
    pub fn of(file: &ModelFile, model: &str) -> Self {
        let classes = &file.classes.value;
        let level = |level: &model_file::RiskLevel| {
            (level.label.clone(), level.below.as_ref().map_or(f64::INFINITY, |below| below.value))
        };
        let levels: Vec<_> = file.risk_levels.value.iter().map(level).collect();
        let positive = classes.iter().position(|class| class.positive);
        let asked = file.answer.iter().map(|answer| {
            let holds = match answer.holds {
                AnswerValue::IsPositive => Holds::IsPositive,
                AnswerValue::Probability => Holds::Probability,
                AnswerValue::RiskLevel => Holds::RiskLevel,
            };
            (answer.field.value.clone(), holds)
        });
        let mut fields: Vec<_> = asked.collect();
        for (name, holds) in ALWAYS {
            let known = holds != Holds::RiskLevel || (positive.is_some() && !levels.is_empty());
            if known && fields.iter().all(|(field, _)| field != name) {
                fields.push((name.to_owned(), holds));
            }
        }
        Self {
            model: model.to_owned(),
            classes: classes.iter().map(|class| (class.value.value.clone(), class.label.clone())).collect(),
            positive,
            levels,
            fields,
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
        let class = self.class();
        let (value, label) = &words.classes[class];
        let mut map = out.serialize_map(None)?;
        for (field, holds) in &words.fields {
            match holds {
                Holds::IsPositive => map.serialize_entry(field, &(words.positive == Some(class)))?,
                Holds::Probability => map.serialize_entry(field, &self.positive())?,
                Holds::RiskLevel => {
                    map.serialize_entry(field, &self.positive().and_then(|share| words.level(share)))?;
                }
                Holds::Class => map.serialize_entry(field, value)?,
                Holds::Label => map.serialize_entry(field, label)?,
                Holds::Probabilities => map.serialize_entry(field, &ByClass(words, self.probabilities))?,
                Holds::ModelName => map.serialize_entry(field, &words.model)?,
                Holds::ModelVersion => map.serialize_entry(field, self.version)?,
                Holds::Warnings if self.warnings.is_empty() => {}
                Holds::Warnings => map.serialize_entry(field, &self.warnings)?,
            }
        }
        map.end()
    }
}

/// A number for each class, by its value.
pub struct ByClass<'a>(pub &'a Words, pub &'a [f64]);

impl Serialize for ByClass<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.0.classes.iter().map(|(value, _)| value).zip(self.1))
    }
}
