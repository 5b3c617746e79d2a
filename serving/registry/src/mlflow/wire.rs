//! The answers, as far as they are read.

use serde::Deserialize;

use crate::{
    Origin, Version,
    number::{Number, text},
};

/// `{}`, or nothing at all.
#[derive(Deserialize)]
pub(crate) struct Empty {}

#[derive(Deserialize)]
pub(crate) struct OneVersion {
    pub model_version: ModelVersion,
}

#[derive(Deserialize)]
pub(crate) struct Versions {
    #[serde(default)]
    pub model_versions: Vec<ModelVersion>,
    pub next_page_token: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct ModelVersion {
    pub name: String,
    #[serde(deserialize_with = "text")]
    pub version: String,
    pub run_id: Option<String>,
    /// Milliseconds since 1970.
    #[serde(default)]
    creation_timestamp: Option<Number>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct Tag {
    key: String,
    #[serde(default)]
    value: String,
}

impl From<ModelVersion> for Version {
    fn from(one: ModelVersion) -> Self {
        let tags = one.tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
        let run = one.run_id.filter(|run| !run.is_empty());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and after 1970")]
        let created_ms = one.creation_timestamp.map(|number| number.0 as u64);
        Self { model: one.name, number: one.version, tags, created_ms, origin: Origin::Run(run) }
    }
}

#[derive(Deserialize)]
pub(crate) struct OneRun {
    pub run: Run,
}

#[derive(Deserialize)]
pub(crate) struct Run {
    pub info: RunInfo,
    #[serde(default)]
    pub data: RunData,
}

#[derive(Deserialize)]
pub(crate) struct RunInfo {
    pub run_id: String,
    #[serde(default)]
    pub artifact_uri: String,
}

#[derive(Default, Deserialize)]
pub(crate) struct RunData {
    #[serde(default)]
    pub metrics: Vec<Metric>,
}

#[derive(Deserialize)]
pub(crate) struct Metric {
    pub key: String,
    pub value: Number,
}

#[derive(Deserialize)]
pub(crate) struct OneExperiment {
    pub experiment: Experiment,
}

#[derive(Deserialize)]
pub(crate) struct Experiment {
    #[serde(deserialize_with = "text")]
    pub experiment_id: String,
    #[serde(default)]
    pub lifecycle_stage: String,
}

#[derive(Deserialize)]
pub(crate) struct ExperimentId {
    #[serde(deserialize_with = "text")]
    pub experiment_id: String,
}

#[derive(Deserialize)]
pub(crate) struct Place {
    pub artifact_uri: String,
}

#[derive(Deserialize)]
pub(crate) struct Listing {
    #[serde(default)]
    pub files: Vec<Listed>,
}

#[derive(Deserialize)]
pub(crate) struct Listed {
    pub path: String,
    #[serde(default)]
    pub is_dir: bool,
    #[serde(default)]
    pub file_size: Option<Number>,
}
