//! What a model is: the file that training, API, page and drift all read.
//!
//! Names are those of scikit-learn (`n_estimators`, `random_state`) and MLflow (`experiment`,
//! registered model, run).
//!
//! Architecture invariant: nothing here knows Kubernetes; where a model runs stands in an environment.

mod checks;
mod data;
mod description;
mod features;
mod outcome;
mod training;
mod translations;

use std::collections::BTreeMap;

pub use data::{Data, Generator, Sample, Source};
pub use description::{DescribedClass, DescribedFeature, DescribedLevel, Description};
use deserr::Deserr;
use documents::{Diagnostic, Document, Located, Mapping};
pub use features::{Encoding, Feature, FeatureType};
pub use outcome::{Answer, AnswerValue, Class, RiskLevel};
use schemars::JsonSchema;
pub use training::{MaxFeatures, Training};
pub use translations::Translation;

/// A model file.
#[derive(Debug, Clone, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields, title = "mlstack model")]
pub struct ModelFile {
    /// Where MLflow keeps it.
    pub registry: RegistryNames,
    /// What it is trained on.
    pub data: Data,
    /// The inputs, in the order in which the model gets them.
    pub features: Located<Vec<Feature>>,
    /// What it tells apart, at least two.
    pub classes: Located<Vec<Class>>,
    /// Words for the probability of the positive class, from low to high.
    #[deserr(default)]
    #[schemars(default)]
    pub risk_levels: Located<Vec<RiskLevel>>,
    /// Further fields of an answer of `/predict`.
    #[deserr(default)]
    #[schemars(default)]
    pub answer: Vec<Answer>,
    /// How it is trained.
    pub training: Training,
    /// Its words in further languages, by language code (`en`, `fr`). Training does not depend on them, and answers do not have them.
    #[deserr(default, from(Mapping<Translation>) = translations::plain)]
    #[schemars(default, extend("propertyNames" = {"pattern": "^[a-z]{2,3}$"}))]
    pub translations: BTreeMap<String, Translation>,
}

/// Names in MLflow.
#[derive(Debug, Clone, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct RegistryNames {
    /// The registered model; MLflow takes no `/` and no `:` in it.
    pub model: Located<String>,
    /// The experiment of its training runs.
    pub experiment: Located<String>,
    /// The name of a training run.
    pub run: Located<String>,
}

impl ModelFile {
    /// Reads the file `name` with the content `bytes`.
    ///
    /// # Errors
    /// Every mistake with its place: in the file's form, and in what it says.
    pub fn read(name: &str, bytes: &[u8]) -> Result<(Self, Document), Vec<Diagnostic>> {
        let (file, document) = documents::read::<Self>(name, bytes)?;
        let diagnostics = checks::check(&file, &document);
        if diagnostics.is_empty() { Ok((file, document)) } else { Err(diagnostics) }
    }
}
