//! Where the server keeps models and plots.

use std::fmt;

use builders::{App, Storage, Unfinished, Volume, choice, name};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::{ObjectStore, object_store::Bucket};

/// Where models and plots are kept.
#[derive(Debug, Clone, JsonSchema, serde::Serialize)]
#[schemars(tag = "type")]
#[serde(tag = "type")]
pub enum Artifacts {
    /// On a claim, of one server.
    Volume(OnVolume),
    /// In the environment's object store, for any number of servers.
    ObjectStore,
}

choice!(Artifacts { Volume(OnVolume), ObjectStore });

/// A claim for artifacts.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct OnVolume {
    /// Room for models and plots.
    pub size: Storage,
}

impl Default for Artifacts {
    fn default() -> Self {
        Self::Volume(OnVolume { size: Storage::gibibytes(5) })
    }
}

/// A place for artifacts; shown as the server is told of it.
pub(super) enum Place {
    Volume(Volume),
    Store(Box<ObjectStore>, Bucket),
}

const DIRECTORY: &str = "/mlflow/artifacts";

impl Artifacts {
    pub(super) fn place(&self, app: &mut App, store: Option<&ObjectStore>) -> Option<Place> {
        Some(match self {
            Self::Volume(volume) => Place::Volume(app.volume(name!("mlflow-artifacts"), &volume.size)),
            Self::ObjectStore => Place::Store(Box::new(store?.clone()), store?.place("mlflow")),
        })
    }
}

impl Place {
    pub(super) fn attach<'m, K>(&self, server: Unfinished<'m, K>) -> Unfinished<'m, K> {
        match self {
            Self::Volume(volume) => server.mount(volume, DIRECTORY),
            Self::Store(store, _) => store.attach(server),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Volume(_) => out.write_str(DIRECTORY),
            Self::Store(_, bucket) => bucket.fmt(out),
        }
    }
}
