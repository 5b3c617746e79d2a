//! What a model is: the file that training, API, page and drift all read.
//!
//! Names are those of scikit-learn (`n_estimators`, `random_state`) and MLflow (`experiment`,
//! registered model, run).
//!
//! Architecture invariant: nothing here knows Kubernetes; where a model runs stands in an environment.

mod checks;
mod features;
mod outcome;

use deserr::Deserr;
use documents::{Diagnostic, Document, Located};
pub use features::{Feature, FeatureType};
pub use outcome::{Answer, AnswerValue, Class, RiskLevel};
use schemars::JsonSchema;

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

/// The data set: a CSV file with a header line.
#[derive(Debug, Clone, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Data {
    /// Where it is, by https.
    #[schemars(regex(pattern = "^https://[^/]+/"))]
    pub url: Located<String>,
    /// The column that holds the class.
    pub target: Located<String>,
}

/// A random forest's hyper-parameters, with scikit-learn's names and meaning.
#[derive(Debug, Clone, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Training {
    /// Number of trees.
    pub n_estimators: Located<u32>,
    /// Largest depth of a tree.
    pub max_depth: Located<u32>,
    /// Fewest samples of a node that may be split.
    pub min_samples_split: Located<u32>,
    /// Fewest samples of a leaf.
    pub min_samples_leaf: Located<u32>,
    /// Seed of every random choice.
    pub random_state: u64,
    /// Share of the rows that is held back to judge the model, between 0 and 1.
    pub test_size: Located<f64>,
    /// Whether both parts get the same share of each class.
    pub stratify: bool,
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
