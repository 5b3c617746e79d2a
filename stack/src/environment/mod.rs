//! An environment: where the stack runs, how large it is, and which models it serves.

mod checks;
mod file;
mod needs;
mod read;

use builders::Name;
use components::{drift, model_api, monitoring::Objective, registry, retraining, training};
use documents::Document;
pub use file::{EnvironmentFile, Kubernetes};
use model_file::ModelFile;
pub use read::read;

/// Everything an environment says, its model files included.
#[derive(Debug)]
pub struct Environment {
    /// Its name, after its file.
    pub name: String,
    /// What its file says.
    pub values: EnvironmentFile,
    /// The models it names, in its order.
    pub models: Vec<ModelEntry>,
}

/// A model and how it runs here.
#[derive(Debug)]
pub struct ModelEntry {
    /// Its short name, after its file.
    pub name: Name,
    /// What it is.
    pub file: ModelFile,
    /// The file as people wrote it.
    pub document: Document,
    /// Where it lives.
    pub namespace: Name,
    /// Where its versions are.
    pub registry: registry::Values,
    /// The data set, where it is bundled.
    pub data: Option<String>,
    /// How it is served.
    pub api: model_api::Values,
    /// How it is trained.
    pub training: training::Values,
    /// What is promised of its API.
    pub objective: Objective,
    /// When it is trained again.
    pub retraining: Option<retraining::Values>,
    /// When what it is asked is compared with what it was trained on.
    pub drift: Option<drift::Values>,
}
