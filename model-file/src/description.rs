//! What a client has to know of a model to ask it something: its inputs and its words, without how it is trained.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{FeatureType, ModelFile, Translation};

/// A model, as its API tells it at `GET /model`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// Its name in the registry.
    pub name: String,
    /// The version that is served; nothing without one.
    pub version: Option<String>,
    /// Whether that version's predictions can be explained.
    pub explains: bool,
    /// The inputs, in the model's order.
    pub features: Vec<DescribedFeature>,
    /// What it tells apart, in the model's order.
    pub classes: Vec<DescribedClass>,
    /// Words for the probability of the positive class, from low to high.
    pub risk_levels: Vec<DescribedLevel>,
    /// Its words in further languages, by language code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<String, Translation>,
    /// What it is about; only a translation says so.
    #[serde(skip)]
    pub title: Option<String>,
}

/// An input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DescribedFeature {
    /// The key in a request.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FeatureType,
    /// The unit, for people.
    pub unit: Option<String>,
    /// Lowest and highest usual value of a number.
    pub range: Option<[f64; 2]>,
    /// Smallest step of a slider.
    pub step: Option<f64>,
    /// The number to begin with.
    pub default: Option<f64>,
    /// The values of a category.
    #[serde(default)]
    pub values: Vec<String>,
    /// What it is called in the language of the description.
    #[serde(skip)]
    pub translated: Option<String>,
    /// What its values are called in the language of the description.
    #[serde(skip)]
    pub translated_values: BTreeMap<String, String>,
}

/// Something that a model tells apart from the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DescribedClass {
    /// As in answers.
    pub value: String,
    /// For people, and as in answers.
    pub label: String,
    /// Whether its probability is what risk levels speak of.
    pub positive: bool,
    /// The label in the language of the description.
    #[serde(skip)]
    pub translated: Option<String>,
}

/// A word for a range of probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DescribedLevel {
    /// For people, and as in answers.
    pub label: String,
    /// The probability it ends at, exclusive; the last level has none.
    pub below: Option<f64>,
    /// The label in the language of the description.
    #[serde(skip)]
    pub translated: Option<String>,
}

impl Description {
    /// The same in the words of a language (`en`, `fr`), as far as they are translated. Names, values and labels of requests and
    /// answers stay; what people read is what `shown` gives.
    #[must_use]
    pub fn in_language(&self, code: &str) -> Self {
        let mut told = Self { translations: BTreeMap::new(), ..self.clone() };
        let Some(words) = self.translations.get(code) else { return told };
        told.title.clone_from(&words.title);
        for feature in &mut told.features {
            feature.translated = words.features.get(&feature.name).cloned();
            feature.translated_values = words.values.get(&feature.name).cloned().unwrap_or_default();
            feature.unit = words.units.get(&feature.name).cloned().or(feature.unit.take());
        }
        for class in &mut told.classes {
            class.translated = words.classes.get(&class.value).cloned();
        }
        for level in &mut told.risk_levels {
            level.translated = words.risk_levels.get(&level.label).cloned();
        }
        told
    }
}

impl DescribedFeature {
    /// What people read: the translation, or else the name.
    pub fn shown(&self) -> &str {
        self.translated.as_deref().unwrap_or(&self.name)
    }

    /// What people read of one of its values.
    pub fn shown_value<'v>(&'v self, value: &'v str) -> &'v str {
        self.translated_values.get(value).map_or(value, String::as_str)
    }
}

impl DescribedClass {
    /// What people read: the translation, or else the label.
    pub fn shown(&self) -> &str {
        self.translated.as_deref().unwrap_or(&self.label)
    }
}

impl DescribedLevel {
    /// What people read: the translation, or else the label.
    pub fn shown(&self) -> &str {
        self.translated.as_deref().unwrap_or(&self.label)
    }
}

impl ModelFile {
    /// What clients have to know of the model while `version` of it is served.
    pub fn description(&self, version: Option<&str>, explains: bool) -> Description {
        let feature = |stated: &crate::Feature| DescribedFeature {
            name: stated.name.value.clone(),
            kind: stated.kind,
            unit: stated.unit.clone(),
            range: stated.range.as_ref().and_then(|range| range.value.as_slice().try_into().ok()),
            step: stated.step.as_ref().map(|step| step.value),
            default: stated.default.as_ref().map(|default| default.value),
            values: stated.values.as_ref().map_or_else(Vec::new, |values| values.value.clone()),
            translated: None,
            translated_values: BTreeMap::new(),
        };
        let class = |stated: &crate::Class| DescribedClass {
            value: stated.value.value.clone(),
            label: stated.label.clone(),
            positive: stated.positive,
            translated: None,
        };
        let level = |stated: &crate::RiskLevel| DescribedLevel {
            label: stated.label.clone(),
            below: stated.below.as_ref().map(|below| below.value),
            translated: None,
        };
        Description {
            name: self.registry.model.value.clone(),
            version: version.map(str::to_owned),
            explains,
            features: self.features.value.iter().map(feature).collect(),
            classes: self.classes.value.iter().map(class).collect(),
            risk_levels: self.risk_levels.value.iter().map(level).collect(),
            translations: self.translations.clone(),
            title: None,
        }
    }
}
