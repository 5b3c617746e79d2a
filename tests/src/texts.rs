//! A project that is text in memory.

use std::{collections::BTreeMap, fs};

use documents::{Diagnostic, Style, render};
use stack::{Artifacts, Missing, Source, Sources, compile};

use crate::repository;

/// Environments and models by name.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// Files of `environments/`.
    pub environments: BTreeMap<String, Vec<u8>>,
    /// Files of `models/`.
    pub models: BTreeMap<String, Vec<u8>>,
    /// Files of `environments/sealed/`.
    pub sealed: BTreeMap<String, Vec<u8>>,
    /// Data sets beside them, by path.
    pub data: BTreeMap<String, Vec<u8>>,
}

impl Texts {
    /// One environment, `test`, beside all models of the repository.
    ///
    /// # Panics
    /// When they cannot be read.
    pub fn with(environment: impl Into<Vec<u8>>) -> Self {
        let models = files("models", "yaml").map(|(name, bytes)| (name.trim_end_matches(".yaml").to_owned(), bytes));
        let data = files("models/data", "csv").map(|(name, bytes)| (format!("data/{name}"), bytes));
        Self {
            environments: [("test".to_owned(), environment.into())].into(),
            models: models.collect(),
            sealed: BTreeMap::new(),
            data: data.collect(),
        }
    }

    /// Compiles the environment `test`.
    ///
    /// # Errors
    /// The mistakes, as people see them.
    pub fn compile(&self) -> Result<Artifacts, String> {
        compile("test", self).map_err(|mistakes: Vec<Diagnostic>| render(&mistakes, Style::Plain))
    }
}

impl Sources for Texts {
    fn environment(&self, name: &str) -> Result<Source, Vec<Diagnostic>> {
        let bytes = self.environments.get(name).cloned();
        bytes.map(|bytes| Source { name: format!("environments/{name}.yaml"), bytes }).ok_or_else(Vec::new)
    }

    fn model(&self, name: &str) -> Result<Source, Missing> {
        let bytes = self.models.get(name).cloned();
        let missing = || Missing { message: format!("there is no model {name}"), hint: "none".into() };
        bytes.map(|bytes| Source { name: format!("models/{name}.yaml"), bytes }).ok_or_else(missing)
    }

    fn sealed(&self, environment: &str) -> Result<Option<Source>, Missing> {
        let bytes = self.sealed.get(environment).cloned();
        Ok(bytes.map(|bytes| Source { name: format!("environments/sealed/{environment}.yaml"), bytes }))
    }

    fn data(&self, path: &str) -> Result<Vec<u8>, Missing> {
        let missing = || Missing { message: format!("there is no {path}"), hint: "none".into() };
        self.data.get(path).cloned().ok_or_else(missing)
    }
}

/// The files of a folder of the repository with this ending: name and bytes.
fn files(folder: &str, ending: &'static str) -> impl Iterator<Item = (String, Vec<u8>)> {
    let entries = fs::read_dir(repository().join(folder)).expect("the folder is there").flatten();
    let files = entries.map(|entry| entry.path()).filter(move |path| path.extension().is_some_and(|it| it == ending));
    files.map(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, fs::read(path).expect("a file"))
    })
}
