//! `environments/sealed/ENV.yaml`: namespace → Secret → key → ciphertext.

use std::{collections::BTreeMap, rc::Rc, str::FromStr};

use builders::{Ciphertexts, Inventory, KeyName, Name};
use documents::{Diagnostic, Document, Mapping, Path, Place};

use super::Ciphertext;
use crate::project::{Missing, Sources};

/// The file's path in the project.
pub(crate) fn path(environment: &str) -> String {
    format!("environments/sealed/{environment}.yaml")
}

/// Names are held against what is declared, and need no rule of their own.
type Entries = Mapping<Mapping<Mapping<Ciphertext>>>;

/// The ciphertexts of an environment, as they are in its file.
#[derive(Debug)]
pub(crate) struct Sealed {
    environment: String,
    entries: Entries,
    /// Nothing where there is no file yet.
    document: Option<Document>,
}

impl Sealed {
    /// Reads the file; none is an empty one.
    ///
    /// # Errors
    /// Every mistake in it. No line is shown, since one may hold a value in clear.
    pub(crate) fn read(environment: &str, sources: &impl Sources) -> Result<Self, Vec<Diagnostic>> {
        let unread = |Missing { message, hint }| vec![Diagnostic { message, places: Vec::new(), hint: Some(hint) }];
        let (entries, document) = match sources.sealed(environment).map_err(unread)? {
            None => (Entries::default(), None),
            Some(source) => {
                let (entries, document) = documents::read(&source.name, &source.bytes)
                    .map_err(|mistakes| mistakes.into_iter().map(Diagnostic::without_text).collect::<Vec<_>>())?;
                (entries, Some(document))
            }
        };
        Ok(Self { environment: environment.to_owned(), entries, document })
    }

    /// The ciphertext of a key.
    pub(crate) fn get(&self, namespace: &Name, secret: &Name, key: &KeyName) -> Option<&Ciphertext> {
        let secrets = &self.entries.0.get(namespace.as_str())?.value;
        let keys = &secrets.0.get(secret.as_str())?.value;
        keys.0.get(key.as_str()).map(|located| &located.value)
    }

    /// Those of names that can be declared at all.
    pub(crate) fn ciphertexts(&self) -> Ciphertexts {
        fn each<K: FromStr + Ord, V, W>(map: &Mapping<V>, of: impl Fn(&V) -> W) -> BTreeMap<K, W> {
            map.0.iter().filter_map(|(name, located)| Some((name.parse().ok()?, of(&located.value)))).collect()
        }
        each(&self.entries, |secrets| each(secrets, |keys| each(keys, |text| text.as_str().to_owned())))
    }

    /// Holds the file against what is declared.
    ///
    /// # Errors
    /// All declared keys without a ciphertext, and every ciphertext that nobody declares.
    pub(crate) fn check(&self, inventory: &Inventory) -> Result<(), Vec<Diagnostic>> {
        let mistakes: Vec<_> = self.missing(inventory).into_iter().chain(self.undeclared(inventory)).collect();
        if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
    }

    fn missing(&self, inventory: &Inventory) -> Option<Diagnostic> {
        let declared = inventory.secrets.iter().flat_map(|((namespace, secret), declared)| {
            declared.asked_for().map(move |(key, _)| (namespace, secret, key))
        });
        let missing = declared.filter(|(namespace, secret, key)| self.get(namespace, secret, key).is_none());
        let names: Vec<String> =
            missing.map(|(namespace, secret, key)| format!("{namespace}/{secret}/{key}")).collect();
        let message = match names.as_slice() {
            [] => return None,
            [name] => format!("the key {name} has no ciphertext"),
            names => format!("{} declared keys have no ciphertext: {}", names.len(), names.join(", ")),
        };
        let hint = format!("{}, which asks for their values", self.command());
        let file = Place::File(Rc::from(path(&self.environment)));
        Some(Diagnostic { message, places: vec![file], hint: Some(hint) })
    }

    /// What is in the file but nobody declares. A namespace of which nobody declares anything is told as a whole.
    fn undeclared(&self, inventory: &Inventory) -> Vec<Diagnostic> {
        let (environment, Some(document)) = (&self.environment, &self.document) else { return Vec::new() };
        let (foreign, known): (Vec<_>, Vec<_>) = self
            .left_over(inventory)
            .into_iter()
            .partition(|left| inventory.secrets.keys().all(|(namespace, _)| namespace.as_str() != left.namespace));
        let told = |path: &Path, message, hint| {
            Diagnostic { message, places: vec![document.key_place(path)], hint: Some(hint) }.without_text()
        };
        let namespaces: BTreeMap<&str, &Path> = foreign.iter().map(|left| (left.namespace, left.above)).collect();
        let elsewhere = namespaces.into_iter().map(|(namespace, path)| {
            let message =
                format!("these ciphertexts are bound to the namespace {namespace}, where {environment} has no Secret");
            told(
                path,
                message,
                format!("they cannot be moved to another: {}, which seals the values again", self.command()),
            )
        });
        let alone = known.iter().map(|left| {
            let message =
                format!("nobody declares the key {}/{} in the namespace {}", left.secret, left.key, left.namespace);
            told(left.path, message, format!("remove it, or {}, which does", self.command()))
        });
        elsewhere.chain(alone).collect()
    }

    /// Every ciphertext that nobody declares.
    pub(crate) fn left_over(&self, inventory: &Inventory) -> Vec<LeftOver<'_>> {
        let mut left = Vec::new();
        for (namespace, secrets) in &self.entries.0 {
            for (secret, keys) in &secrets.value.0 {
                let gone = keys.value.0.iter().filter(|(key, _)| !declares(inventory, namespace, secret, key));
                left.extend(gone.map(|(key, text)| LeftOver {
                    namespace,
                    secret,
                    key,
                    path: &text.path,
                    above: &secrets.path,
                }));
            }
        }
        left
    }

    fn command(&self) -> String {
        format!("run `mlstack seal {} --certificate FILE`", self.environment)
    }
}

/// A ciphertext that nobody declares, and where it and its namespace stand.
#[derive(Debug)]
pub(crate) struct LeftOver<'s> {
    pub(crate) namespace: &'s str,
    pub(crate) secret: &'s str,
    pub(crate) key: &'s str,
    path: &'s Path,
    above: &'s Path,
}

fn declares(inventory: &Inventory, namespace: &str, secret: &str, key: &str) -> bool {
    let mut declared = inventory
        .secrets
        .iter()
        .filter(|((at, name), _)| at.as_str() == namespace && name.as_str() == secret)
        .flat_map(|(_, declared)| declared.asked_for());
    declared.any(|(name, _)| name.as_str() == key)
}
