//! Configuration that pods read: variables and files, in a `ConfigMap`.

use std::{collections::BTreeMap, rc::Rc};

use crate::values::{KeyName, Name, Origin};

/// A `ConfigMap`. Cheap to clone; pods that read it are rolled when its content changes.
#[derive(Debug, Clone)]
pub struct Config(pub(crate) Rc<Content>);

/// What a `ConfigMap` holds.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) name: Name,
    pub(crate) namespace: Name,
    pub(crate) data: BTreeMap<KeyName, String>,
    pub(crate) origin: Origin,
}

/// One key of a `ConfigMap`, for one environment variable.
#[derive(Debug, Clone)]
pub struct ConfigKey {
    pub(crate) config: Config,
    pub(crate) key: KeyName,
}

/// All keys of a `ConfigMap`, each as a file of a directory.
#[derive(Debug, Clone)]
pub struct ConfigFiles(pub(crate) Config);

impl Config {
    /// Its name.
    pub fn name(&self) -> &Name {
        &self.0.name
    }

    /// Every key, for variables of the same name.
    pub fn variables(&self) -> impl Iterator<Item = ConfigKey> + '_ {
        self.0.data.keys().map(|key| ConfigKey { config: self.clone(), key: key.clone() })
    }

    /// To be mounted: one file per key, read-only.
    pub fn files(&self) -> ConfigFiles {
        ConfigFiles(self.clone())
    }

    /// Name and content in one text, for a hash.
    pub(crate) fn fingerprint(&self) -> String {
        // Lengths keep two contents apart that would run together into the same text.
        self.0
            .data
            .iter()
            .fold(self.0.name.to_string(), |text, (key, value)| format!("{text}\n{key} {}\n{value}", value.len()))
    }
}
