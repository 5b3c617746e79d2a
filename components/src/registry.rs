//! Where a model's versions and aliases live, as its clients see it.

use builders::{App, Endpoint, Http, Located, Name, SharedVolume, Storage, Unfinished, choice, name};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::{Mlflow, ObjectStore, object_store::Bucket, serving};

/// Where a model's versions and aliases live.
#[derive(Debug, Clone, Default, JsonSchema, serde::Serialize)]
#[schemars(tag = "type", rename = "RegistryValues")]
#[serde(tag = "type")]
pub enum Values {
    /// In the environment's MLflow.
    #[default]
    Mlflow,
    /// In a directory, on a claim that training writes and the API reads.
    Directory(Directory),
    /// In a directory of the environment's object store.
    ObjectStore,
}

choice!(Values { Mlflow, Directory(Directory), ObjectStore });

/// A claim for models.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Directory {
    /// Room for versions.
    pub size: Located<Storage>,
}

/// A model registry.
#[derive(Debug, Clone)]
pub enum Registry {
    /// MLflow's server.
    Mlflow(Endpoint<Http>),
    /// A directory on a claim.
    Directory(SharedVolume),
    /// A directory in an object store.
    ObjectStore(ObjectStore, Bucket),
}

/// What a program does in a registry, or in a prediction log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Registers versions, moves aliases, leaves a report beside a version; logs predictions.
    Writer,
    /// Follows an alias; looks at predictions.
    Reader,
}

/// Declares the registry of the model `name`; nothing where the environment lacks what the registry needs, which is
/// refused before a stack is declared.
pub fn registry(
    app: &mut App,
    name: &Name,
    values: &Values,
    mlflow: Option<&Mlflow>,
    store: Option<&ObjectStore>,
) -> Option<Registry> {
    Some(match values {
        Values::Mlflow => Registry::Mlflow(mlflow?.tracking.clone()),
        Values::Directory(directory) => {
            Registry::Directory(app.shared_volume(name.with(&name!("models")), &directory.size))
        }
        Values::ObjectStore => Registry::ObjectStore(store?.clone(), store?.place("registry")),
    })
}

impl Registry {
    /// Gives a program of the serving image its way to the registry.
    pub fn attach<'m, K>(&self, client: Unfinished<'m, K>, role: Role) -> Unfinished<'m, K> {
        match self {
            Self::Mlflow(tracking) => client.connect(tracking, &serving::MLFLOW_TRACKING_URI),
            Self::Directory(volume) => {
                let mount = if role == Role::Writer { volume.writer() } else { volume.reader() };
                client.mount(&mount, serving::REGISTRY_DIR).variable(serving::REGISTRY, serving::REGISTRY_DIR)
            }
            Self::ObjectStore(store, place) => store.attach(client.variable(serving::REGISTRY, place.to_string())),
        }
    }
}
