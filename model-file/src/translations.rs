//! A model's words in further languages: one block for each, as a translator works.
//!
//! Names and values stay what requests and answers have: programs read those. Translations are for who looks at them, and whatever
//! a block leaves out is shown in the model file's own words.

use std::collections::BTreeMap;

use deserr::Deserr;
use documents::{Diagnostic, Document, Mapping, Path, instead};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{FeatureType, ModelFile};

/// A model's words in one language, by the model file's own ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserr, JsonSchema, Serialize, Deserialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
#[serde(default)]
pub struct Translation {
    /// What the model is about, as a heading.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What features are called, by their names.
    #[deserr(default, from(Mapping<String>) = plain)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub features: BTreeMap<String, String>,
    /// Units, by the names of their features.
    #[deserr(default, from(Mapping<String>) = plain)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub units: BTreeMap<String, String>,
    /// What the values of categories are called, by the names of the features and by value.
    #[deserr(default, from(Mapping<Mapping<String>>) = nested)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Labels of classes, by their values.
    #[deserr(default, from(Mapping<String>) = plain)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub classes: BTreeMap<String, String>,
    /// Labels of risk levels, by their own ones.
    #[deserr(default, from(Mapping<String>) = plain)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub risk_levels: BTreeMap<String, String>,
}

/// Without places: those of keys are found by their names.
pub(crate) fn plain<T>(Mapping(entries): Mapping<T>) -> BTreeMap<String, T> {
    entries.into_iter().map(|(key, located)| (key, located.value)).collect()
}

fn nested(values: Mapping<Mapping<String>>) -> BTreeMap<String, BTreeMap<String, String>> {
    plain(values).into_iter().map(|(key, values)| (key, plain(values))).collect()
}

/// Translations of what the model does not have, and languages and words that are none.
pub(crate) fn check(file: &ModelFile, document: &Document) -> Vec<Diagnostic> {
    let (mut checks, top) = (Checks { document, found: Vec::new() }, Path::default().key("translations"));
    let features = &file.features.value;
    let named: Vec<&str> = features.iter().map(|feature| feature.name.value.as_str()).collect();
    let with_unit: Vec<&str> =
        features.iter().filter(|feature| feature.unit.is_some()).map(|feature| feature.name.value.as_str()).collect();
    let categories: BTreeMap<&str, Vec<&str>> = features
        .iter()
        .filter(|feature| feature.kind == FeatureType::Category)
        .map(|feature| {
            let values = feature.values.iter().flat_map(|values| &values.value);
            (feature.name.value.as_str(), values.map(String::as_str).collect())
        })
        .collect();
    let classes: Vec<&str> = file.classes.value.iter().map(|class| class.value.value.as_str()).collect();
    let levels: Vec<&str> = file.risk_levels.value.iter().map(|level| level.label.as_str()).collect();
    for (language, words) in &file.translations {
        let at = top.key(language);
        checks.language(language, &at);
        if let Some(title) = &words.title {
            checks.word(title, &at.key("title"));
        }
        checks.words(&words.features, &at.key("features"), &named, ("feature", "features"));
        checks.words(&words.units, &at.key("units"), &with_unit, ("feature with a unit", "features with units"));
        for (category, values) in &words.values {
            let at = at.key("values").key(category);
            match categories.get(category.as_str()) {
                Some(known) => checks.words(values, &at, known, ("value", "values")),
                None => {
                    let known: Vec<&str> = categories.keys().copied().collect();
                    checks.unknown(category, &at, &known, ("category", "categories"));
                }
            }
        }
        checks.words(&words.classes, &at.key("classes"), &classes, ("class", "classes"));
        checks.words(&words.risk_levels, &at.key("risk_levels"), &levels, ("risk level", "risk levels"));
    }
    checks.found
}

struct Checks<'d> {
    document: &'d Document,
    found: Vec<Diagnostic>,
}

impl Checks<'_> {
    /// A primary language subtag (BCP 47) is two or three letters; regions and scripts are not told apart.
    fn language(&mut self, code: &str, at: &Path) {
        if !((2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase())) {
            self.at_key(at, format!("`{code}` is no language code"), "write two or three small letters, such as fr");
        }
    }

    /// Every key must be one of `known`, and stand for a word.
    fn words(&mut self, words: &BTreeMap<String, String>, at: &Path, known: &[&str], kind: (&str, &str)) {
        for (name, word) in words {
            let at = at.key(name);
            if known.contains(&name.as_str()) {
                self.word(word, &at);
            } else {
                self.unknown(name, &at, known, kind);
            }
        }
    }

    fn unknown(&mut self, name: &str, at: &Path, known: &[&str], (one, many): (&str, &str)) {
        self.at_key(at, format!("the model has no {one} `{name}`"), &instead(name, known, many));
    }

    fn word(&mut self, word: &str, at: &Path) {
        if word.trim().is_empty() {
            self.found.push(self.document.diagnostic(
                at,
                "a translation cannot be empty",
                "write a word, or remove it",
            ));
        }
    }

    fn at_key(&mut self, at: &Path, message: String, hint: &str) {
        let places = vec![self.document.key_place(at)];
        self.found.push(Diagnostic { message, places, hint: Some(hint.to_owned()) });
    }
}
