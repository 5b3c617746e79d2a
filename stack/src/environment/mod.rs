//! An environment: where the stack runs, how large it is, and which models it serves.

mod file;
mod read;

use builders::{Cidr, Located, Name};
use components::{mlflow, model_api, postgres, serving, training, ui};
pub use file::{EnvironmentFile, Kubernetes, SecretsFrom};
use model_file::ModelFile;
pub use read::read;

/// Everything an environment says, its model files included.
#[derive(Debug)]
pub struct Environment {
    /// Its name, after its file.
    pub name: String,
    /// The oldest version of Kubernetes it runs on.
    pub kubernetes: Kubernetes,
    /// Where everything lives.
    pub namespace: Name,
    /// The addresses of pods, if they are known.
    pub pod_cidr: Option<Cidr>,
    /// How Secrets come to be.
    pub secrets: SecretsFrom,
    /// The image of training, APIs and page.
    pub serving: serving::Values,
    /// The database server.
    pub postgres: postgres::Values,
    /// The tracking server.
    pub mlflow: mlflow::Values,
    /// The models.
    pub models: Vec<Located<ModelEntry>>,
    /// The web page.
    pub ui: ui::Values,
}

/// A model and how it runs here.
#[derive(Debug)]
pub struct ModelEntry {
    /// Its short name, after its file.
    pub name: Name,
    /// What it is.
    pub file: ModelFile,
    /// The file as people wrote it.
    pub text: String,
    /// How it is served.
    pub api: model_api::Values,
    /// How it is trained.
    pub training: training::Values,
}
