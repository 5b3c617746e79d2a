//! The values of an environment on a developer's machine, in a file for nobody else's eyes.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::PathBuf,
};

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::KeyPath;
use crate::project::{Failure, Project};

type Stored = BTreeMap<String, BTreeMap<String, String>>;

/// The values of an environment, by Secret and key.
pub(crate) struct Vault {
    path: PathBuf,
    values: BTreeMap<(String, String), SecretString>,
    changed: bool,
}

impl Vault {
    /// Opens the file of an environment; none is an empty one.
    ///
    /// # Errors
    /// When the file cannot be read, is no file of ours, or can be read by other users.
    pub(crate) fn open(project: &Project, environment: &str) -> Result<Self, Failure> {
        let path = project.path(&format!("environments/.secrets/{environment}.json"));
        let hint = "restore the file from a backup; without it, databases that use its values are locked out";
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { path, values: BTreeMap::new(), changed: false });
            }
            other => other.map_err(Failure::io("read", &path, hint))?,
        };
        private(&path)?;
        // The position alone: the text around it is secret.
        let secret = |error: serde_json::Error| {
            io::Error::other(format!("no JSON of ours at line {}, column {}", error.line(), error.column()))
        };
        let stored: Stored = serde_json::from_str(&text).map_err(secret).map_err(Failure::io("read", &path, hint))?;
        let flat = stored.into_iter().flat_map(|(secret, keys)| {
            keys.into_iter().map(move |(key, value)| ((secret.clone(), key), SecretString::from(value)))
        });
        Ok(Self { path, values: flat.collect(), changed: false })
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &KeyPath) -> Option<&SecretString> {
        self.values.get(&names(key))
    }

    /// Keeps a value.
    pub(crate) fn set(&mut self, key: &KeyPath, value: SecretString) {
        self.values.insert(names(key), value);
        self.changed = true;
    }

    /// Forgets the value of a key.
    pub(crate) fn forget(&mut self, key: &KeyPath) {
        self.changed |= self.values.remove(&names(key)).is_some();
    }

    /// Writes the file if something changed, readable by its owner alone, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn save(&self) -> Result<(), Failure> {
        if !self.changed {
            return Ok(());
        }
        let mut stored = Stored::new();
        for ((secret, key), value) in &self.values {
            stored.entry(secret.clone()).or_default().insert(key.clone(), value.expose_secret().to_owned());
        }
        let hint = "check the permissions of environments/";
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(Failure::io("make", folder, hint))?;
        }
        let temporary = self.path.with_extension("new");
        let fail = || Failure::io("write", &temporary, hint);
        // A leftover of a run that was interrupted may have other permissions.
        let _ = fs::remove_file(&temporary);
        let mut file = owner_only().open(&temporary).map_err(fail())?;
        file.write_all(format!("{:#}\n", json!(stored)).as_bytes()).map_err(fail())?;
        file.sync_all().map_err(fail())?;
        fs::rename(&temporary, &self.path).map_err(Failure::io("write", &self.path, hint))
    }

    /// Keys that have a value but are none of `declared`.
    pub(crate) fn undeclared(&self, declared: &[KeyPath]) -> Vec<String> {
        let declared: Vec<_> = declared.iter().map(names).collect();
        let gone = self.values.keys().filter(|name| !declared.contains(name));
        gone.map(|(secret, key)| format!("{secret}/{key}")).collect()
    }
}

fn names(key: &KeyPath) -> (String, String) {
    (key.secret.to_string(), key.key.to_string())
}

#[cfg(unix)]
fn private(path: &std::path::Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let hint = "take the permissions back with `chmod 600`, and rotate the keys if others may have read them";
    let fail = || Failure::io("trust", path, hint);
    // Nothing for group and others: the lower six bits are clear.
    let mode = fs::metadata(path).map_err(fail())?.permissions().mode() & 0o777;
    if mode.trailing_zeros() >= 6 {
        Ok(())
    } else {
        Err(fail()(io::Error::other(format!("its mode is {mode:o}, so others can read it"))))
    }
}

#[cfg(not(unix))]
fn private(_: &std::path::Path) -> Result<(), Failure> {
    Ok(())
}

fn owner_only() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
