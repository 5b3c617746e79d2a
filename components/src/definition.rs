//! A model's definition: its file in a `ConfigMap`, read by everything that has to do with the model.

use builders::{App, Config, Name, key, name};
use model_file::ModelFile;

/// What a model is, for training, API and page.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its short name, after its file: `diabetes`.
    pub name: Name,
    /// Its name in the registry: `diabetes-model`.
    pub registered: String,
    /// The model file, for [`crate::serving::MODEL_PATH`].
    pub file: Config,
}

/// `text` is the file as people wrote it, comments and all: that is what a reviewer finds in the cluster.
pub fn definition(app: &mut App, name: &Name, file: &ModelFile, text: &str) -> Definition {
    let config = app.config(name.with(&name!("model")), [(key!("model.yaml"), text.to_owned())]);
    Definition { name: name.clone(), registered: file.registry.model.value.clone(), file: config }
}
