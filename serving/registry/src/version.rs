//! What goes into a registry, and what comes out.

use std::{collections::BTreeMap, time::SystemTime};

use bytes::Bytes;

use crate::directory::Manifest;

/// A file of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it lies in its folder, `/` between the parts: `model.onnx`, `plots/roc.svg`. Never absolute, never with `..`.
    pub path: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// A registered version of a model. It never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The model's name.
    pub model: String,
    /// Its number, from 1 upwards, in decimal digits.
    pub number: String,
    /// What was noted about it; MLflow's own tags among them.
    pub tags: BTreeMap<String, String>,
    /// When it was registered, in milliseconds since 1970, where the registry says so.
    pub created_ms: Option<u64>,
    pub(crate) origin: Origin,
}

impl Version {
    /// What sets it apart from a version of the same number in a registry that was begun anew: the run of MLflow, the
    /// folder of a directory. Empty where no run is behind it.
    pub fn identity(&self) -> &str {
        match &self.origin {
            Origin::Run(run) => run.as_deref().unwrap_or_default(),
            Origin::Manifest(manifest) => &manifest.folder,
        }
    }
}

/// Where the rest of a version is found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Origin {
    Run(Option<String>),
    Manifest(Box<Manifest>),
}

/// A trained model on its way into a registry.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The model's name; it may be new.
    pub model: String,
    /// The experiment that the run belongs to; it may be new.
    pub experiment: String,
    /// What the run is called.
    pub run_name: String,
    /// Parameters of the training.
    pub params: BTreeMap<String, String>,
    /// What was measured; not-a-number and infinity are kept.
    pub metrics: BTreeMap<String, f64>,
    /// Tags of the run and of the version. Those that begin with `mlflow.` are the run's alone.
    pub tags: BTreeMap<String, String>,
    /// The version's folder, `MLmodel` among it.
    pub model_files: Vec<File>,
    /// What lies beside it in the run, such as plots; no path begins with `model/`.
    pub run_files: Vec<File>,
    /// When the training began.
    pub started: SystemTime,
}
