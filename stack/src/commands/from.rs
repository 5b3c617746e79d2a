//! `--from FILE`: values that somebody hands over, for every command that takes some.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use builders::{Inventory, SecretsFrom};
use clap::Args;
use documents::Diagnostic;

use super::Trouble;
use crate::{
    project::Failure,
    secrets::{Given, KeyPath, Wanted},
};

/// Where values come from, before anybody is asked.
#[derive(Debug, Args)]
pub(super) struct From {
    /// Take values from a YAML or JSON file, such as `postgres: {MLFLOW_PASSWORD: …}`; `-` is stdin
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

impl From {
    /// The values of the file; none without one.
    pub(super) fn read(&self, wanted: &BTreeMap<KeyPath, Wanted>, inventory: &Inventory) -> Result<Given, Trouble> {
        let Some(path) = &self.from else { return Ok(Given::default()) };
        let bytes = if path == Path::new("-") { stdin()? } else { file(path)? };
        let name = if path == Path::new("-") { "stdin".into() } else { path.display().to_string() };
        Ok(Given::read(&name, &bytes, wanted, inventory)?)
    }
}

/// The bytes of a file that is none of the project's sources.
pub(super) fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(Failure::io("read", path, "check that the file is there and can be read"))
}

fn stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = io::stdin().read_to_end(&mut bytes);
    read.map_err(Failure::io("read", "stdin".as_ref(), "check what is piped in"))?;
    Ok(bytes)
}

/// Why a command is not for an environment whose Secrets come to be in another way, and which one is.
pub(super) fn refusal(environment: &str, secrets: &SecretsFrom) -> Trouble {
    let (message, hint) = match secrets {
        SecretsFrom::Generated => {
            ("are made by mlstack itself", format!("run `mlstack secrets {environment} | kubectl apply -f -`"))
        }
        SecretsFrom::External => (
            "come from elsewhere, not from mlstack",
            "make them as that environment's operators do, or write secrets: {type: Generated}".into(),
        ),
        SecretsFrom::Sealed => {
            ("are sealed and stand in the manifests", format!("run `mlstack seal {environment} --certificate FILE`"))
        }
        SecretsFrom::ExternalSecrets(store) => (
            "come from a store outside the cluster",
            format!("put the values into {}; `mlstack show {environment}` lists the entries", store.store),
        ),
    };
    let file = format!("environments/{environment}.yaml");
    Trouble::Mistakes(vec![Diagnostic::of_file(&file, format!("the secrets of {environment} {message}"), hint)])
}
