//! A model's definition: its file in a `ConfigMap`, read by everything that has to do with the model.

use builders::{App, Config, Name, key, name};
use model_file::{ModelFile, Sample, Source};

/// What a model is, for training, API and page.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its short name, after its file: `diabetes`.
    pub name: Name,
    /// Its name in the registry: `diabetes-model`.
    pub registered: String,
    /// The model file, for [`crate::serving::MODEL_PATH`].
    pub file: Config,
    /// Where training gets its rows.
    pub data: Data,
}

/// A data set, as training sees it.
#[derive(Debug, Clone)]
pub enum Data {
    /// A public file.
    Elsewhere,
    /// In a `ConfigMap`, for [`crate::serving::DATA_PATH`].
    Bundled(Config),
    /// Made by a step before the training.
    Sample(Sample),
}

/// `text` is the file as people wrote it, comments and all: that is what a reviewer finds in the cluster. `data` is the bundled
/// data set, in a `ConfigMap` of its own: other data train a new version, but roll no API.
pub fn definition(app: &mut App, name: &Name, file: &ModelFile, text: &str, data: Option<&str>) -> Definition {
    let data = match (file.data.source(), data) {
        (Source::Sample(sample), _) => Data::Sample(sample.clone()),
        (_, Some(rows)) => Data::Bundled(app.config(name.with(&name!("data")), [(key!("data.csv"), rows.to_owned())])),
        (_, None) => Data::Elsewhere,
    };
    let config = app.config(name.with(&name!("model")), [(key!("model.yaml"), text.to_owned())]);
    Definition { name: name.clone(), registered: file.registry.model.value.clone(), file: config, data }
}
