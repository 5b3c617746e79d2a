//! Values of Secrets on a developer's machine. They are never printed but as the manifests that were
//! asked for, and the type that holds one has no way to be shown.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::PathBuf,
};

use builders::{Inventory, Source, to_yaml};
use documents::Diagnostic;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::project::{Failure, Project};

type Values = BTreeMap<String, BTreeMap<String, String>>;

/// The values of an environment, by Secret and key.
pub struct Vault {
    path: PathBuf,
    values: BTreeMap<(String, String), SecretString>,
    changed: bool,
}

impl Vault {
    /// Opens the file of an environment; none is an empty one.
    ///
    /// # Errors
    /// When the file cannot be read, is no file of ours, or can be read by other users.
    pub fn open(project: &Project, environment: &str) -> Result<Self, Failure> {
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
        let stored: Values = serde_json::from_str(&text).map_err(secret).map_err(Failure::io("read", &path, hint))?;
        let flat = stored.into_iter().flat_map(|(secret, keys)| {
            keys.into_iter().map(move |(key, value)| ((secret.clone(), key), SecretString::from(value)))
        });
        Ok(Self { path, values: flat.collect(), changed: false })
    }

    /// Draws a value for every declared key that has none.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn complete(&mut self, inventory: &Inventory) -> Result<(), Failure> {
        for (name, source) in declared(inventory) {
            if !self.values.contains_key(&name) {
                self.values.insert(name, self.draw(source)?);
                self.changed = true;
            }
        }
        Ok(())
    }

    /// Forgets the value of a key, so that [`Self::complete`] draws another.
    ///
    /// # Errors
    /// When no Secret declares the key, or its value is not random.
    pub fn rotate(&mut self, key: &str, inventory: &Inventory) -> Result<(), Vec<Diagnostic>> {
        let random = declared(inventory).filter(|(_, source)| **source == Source::Random);
        let names: Vec<(String, String)> = random.map(|(name, _)| name).collect();
        if let Some(name) = names.iter().find(|(secret, name)| *key == format!("{secret}/{name}")) {
            self.values.remove(name);
            self.changed = true;
            return Ok(());
        }
        let known: Vec<String> = names.iter().map(|(secret, key)| format!("{secret}/{key}")).collect();
        let hint = Some(format!("there are {}", known.join(", ")));
        Err(vec![Diagnostic { message: format!("no random secret key {key}"), places: Vec::new(), hint }])
    }

    /// Writes the file if something changed, readable by its owner alone, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self) -> Result<(), Failure> {
        if !self.changed {
            return Ok(());
        }
        let mut stored = Values::new();
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

    /// Keys that have a value but that no Secret declares any more.
    pub fn undeclared(&self, inventory: &Inventory) -> Vec<String> {
        let declared: Vec<_> = declared(inventory).map(|(name, _)| name).collect();
        let gone = self.values.keys().filter(|name| !declared.contains(name));
        gone.map(|(secret, key)| format!("{secret}/{key}")).collect()
    }

    fn draw(&self, source: &Source) -> Result<SecretString, Failure> {
        if let Source::Fixed(value) = source {
            return Ok(value.to_string().into());
        }
        let word = || {
            getrandom::u64().map_err(|error| io::Error::other(error.to_string())).map_err(Failure::io(
                "draw a value for",
                &self.path,
                "the system has no source of randomness",
            ))
        };
        // 192 bits; hexadecimal digits need no quoting anywhere.
        Ok(format!("{:016x}{:016x}{:016x}", word()?, word()?, word()?).into())
    }
}

/// The Secrets with their values, as YAML documents.
pub fn manifests(inventory: &Inventory, vault: &Vault) -> String {
    let manifest = |((namespace, secret), declared): (&(builders::Name, builders::Name), &builders::DeclaredSecret)| {
        let value = |key: &builders::KeyName| {
            let name = (secret.to_string(), key.to_string());
            vault.values.get(&name).map(|value| (name.1, json!(value.expose_secret())))
        };
        let data: serde_json::Map<_, _> = declared.keys.keys().filter_map(value).collect();
        let object = json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": secret.as_str(),
                "namespace": namespace.as_str(),
                "labels": {"app.kubernetes.io/managed-by": "mlstack", "app.kubernetes.io/part-of": "mlstack"},
            },
            "type": "Opaque",
            "stringData": data,
        });
        format!("---\n{}", to_yaml(&object))
    };
    inventory.secrets.iter().map(manifest).collect()
}

/// Every declared key once, over all namespaces.
fn declared(inventory: &Inventory) -> impl Iterator<Item = ((String, String), &Source)> {
    inventory.secrets.iter().flat_map(|((_, secret), declared)| {
        declared.keys.iter().map(move |(key, (source, _))| ((secret.to_string(), key.to_string()), source))
    })
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
