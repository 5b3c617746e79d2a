//! What is known about a version of a directory.

use std::{collections::BTreeMap, time::SystemTime};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::{
    File, Origin, Submission, Version,
    digest::sha256,
    number::{Number, milliseconds},
};

/// No manifest is longer, in bytes: what is, is none.
pub(crate) const LARGEST: u64 = 16 << 20;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub model: String,
    pub version: String,
    pub experiment: String,
    pub run_name: String,
    pub started_ms: u64,
    pub registered_ms: u64,
    pub params: BTreeMap<String, String>,
    pub metrics: BTreeMap<String, Number>,
    pub tags: BTreeMap<String, String>,
    /// Below the model's folder.
    pub folder: String,
    pub model_files: Vec<Entry>,
    pub run_files: Vec<Entry>,
}

/// A file, as it was registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub path: String,
    pub size: u64,
    pub sha256: String,
}

impl Manifest {
    /// One without a number yet, whose folder nobody else has.
    pub fn new(submission: &Submission) -> Self {
        Self {
            model: submission.model.clone(),
            version: String::new(),
            experiment: submission.experiment.clone(),
            run_name: submission.run_name.clone(),
            started_ms: milliseconds(submission.started),
            registered_ms: milliseconds(SystemTime::now()),
            params: submission.params.clone(),
            metrics: submission.metrics.iter().map(|(name, value)| (name.clone(), Number(*value))).collect(),
            tags: submission.tags.clone(),
            folder: format!("files/{}", uuid::Uuid::now_v7()),
            model_files: submission.model_files.iter().map(Entry::new).collect(),
            run_files: submission.run_files.iter().map(Entry::new).collect(),
        }
    }

    pub fn metrics(&self) -> BTreeMap<String, f64> {
        self.metrics.iter().map(|(name, value)| (name.clone(), value.0)).collect()
    }

    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("texts and numbers make JSON")
    }
}

impl From<Manifest> for Version {
    fn from(manifest: Manifest) -> Self {
        Self {
            model: manifest.model.clone(),
            number: manifest.version.clone(),
            tags: manifest.tags.clone(),
            created_ms: Some(manifest.registered_ms),
            origin: Origin::Manifest(Box::new(manifest)),
        }
    }
}

impl Entry {
    fn new(file: &File) -> Self {
        Self { path: file.path.clone(), size: file.bytes.len() as u64, sha256: sha256(&file.bytes) }
    }

    /// What differs, if anything does.
    pub fn verify(&self, bytes: &[u8]) -> Result<(), String> {
        let (path, size) = (&self.path, bytes.len() as u64);
        match size.cmp(&self.size) {
            std::cmp::Ordering::Less => Err(format!("{path:?} ends after {size} of {} bytes", self.size)),
            std::cmp::Ordering::Greater => Err(format!("{path:?} is longer than its {} bytes", self.size)),
            std::cmp::Ordering::Equal if sha256(bytes) != self.sha256 => Err(format!("{path:?} has another SHA-256")),
            std::cmp::Ordering::Equal => Ok(()),
        }
    }
}

/// A model's name as a folder: what is not plain everywhere is percent-escaped.
pub(crate) fn escaped(model: &str) -> String {
    const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
    utf8_percent_encode(model, PLAIN).to_string()
}
