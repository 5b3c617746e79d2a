//! Which keys want a value, and what people call them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use builders::{Inventory, KeyName, Name, Source};
use documents::Diagnostic;

/// A key of a Secret, over all namespaces: `postgres/MLFLOW_PASSWORD`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KeyPath {
    pub(crate) secret: Name,
    pub(crate) key: KeyName,
}

impl fmt::Display for KeyPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.secret, self.key)
    }
}

/// A key that wants a value.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// Whether its value can be drawn.
    pub(crate) random: bool,
    /// Where its Secret is made, with the same value everywhere.
    pub(crate) namespaces: BTreeSet<Name>,
}

/// Every declared key that wants a value.
pub(crate) fn wanted(inventory: &Inventory) -> BTreeMap<KeyPath, Wanted> {
    let mut all = BTreeMap::new();
    for ((namespace, secret), declared) in &inventory.secrets {
        for (key, source) in declared.asked_for() {
            let path = KeyPath { secret: secret.clone(), key: key.clone() };
            let none = || Wanted { random: *source == Source::Random, namespaces: BTreeSet::new() };
            all.entry(path).or_insert_with(none).namespaces.insert(namespace.clone());
        }
    }
    all
}

/// The key that `text` names, of those that may be named.
///
/// # Errors
/// When there is none of this name; the hint has the nearest.
pub(crate) fn choose<'k>(
    text: &str,
    keys: impl Iterator<Item = &'k KeyPath> + Clone,
    what: &str,
) -> Result<&'k KeyPath, Diagnostic> {
    keys.clone().find(|key| key.to_string() == text).ok_or_else(|| Diagnostic {
        message: format!("no {what} {text}"),
        places: Vec::new(),
        hint: Some(nearest(text, keys)),
    })
}

/// A hint for a name that is none of `keys`.
pub(super) fn nearest<'k>(text: &str, keys: impl Iterator<Item = &'k KeyPath>) -> String {
    let known: Vec<String> = keys.map(ToString::to_string).collect();
    match known.iter().min_by_key(|known| strsim::damerau_levenshtein(known, text)) {
        Some(near) if strsim::damerau_levenshtein(near, text) <= 2 => format!("did you mean {near}?"),
        Some(_) => format!("there are {}", known.join(", ")),
        None => "no key of this environment wants a value".into(),
    }
}
