//! Values from a file that somebody hands over: YAML or JSON, Secret → key → value.

use std::collections::BTreeMap;

use builders::{Invalid, Inventory, Located, Source, refuse};
use deserr::{DeserializeError, Deserr, IntoValue, ValuePointerRef};
use documents::{Diagnostic, Mapping, Place};
use secrecy::SecretString;

use super::keys::{KeyPath, Wanted, nearest};

/// Values by key.
#[derive(Default)]
pub(crate) struct Given(BTreeMap<KeyPath, SecretString>);

/// A text that is never shown.
struct Value(SecretString);

impl<E: DeserializeError> Deserr<E> for Value {
    fn deserialize_from_value<V: IntoValue>(value: deserr::Value<V>, at: ValuePointerRef<'_>) -> Result<Self, E> {
        let key = at.last_field().unwrap_or("the key");
        let refused = |what: String, hint| Err(refuse::<V, E>(&Invalid::new(what, hint), at));
        match value {
            deserr::Value::String(text) if text.is_empty() => {
                refused(format!("the value of {key} is empty"), "write its value, or remove the key")
            }
            deserr::Value::String(text) => Ok(Self(text.into())),
            _ => refused(format!("the value of {key} is no text"), "put it in quotes"),
        }
    }
}

type Entries = Mapping<Mapping<Value>>;

impl Given {
    /// Reads the file `name`.
    ///
    /// # Errors
    /// Every mistake, with positions but without text: each line may hold a value.
    pub(crate) fn read(
        name: &str,
        bytes: &[u8],
        wanted: &BTreeMap<KeyPath, Wanted>,
        inventory: &Inventory,
    ) -> Result<Self, Vec<Diagnostic>> {
        let hidden = |mistakes: Vec<Diagnostic>| mistakes.into_iter().map(Diagnostic::without_text).collect::<Vec<_>>();
        let (entries, document) = documents::read::<Entries>(name, bytes).map_err(hidden)?;
        let (mut values, mut mistakes) = (BTreeMap::new(), Vec::new());
        for (secret, keys) in entries.0 {
            for (key, Located { value: Value(value), path }) in keys.value.0 {
                let named = format!("{secret}/{key}");
                match wanted.keys().find(|wanted| wanted.to_string() == named) {
                    Some(path) => drop(values.insert(path.clone(), value)),
                    None => mistakes.push(undeclared(&named, document.key_place(&path), wanted, inventory)),
                }
            }
        }
        if mistakes.is_empty() { Ok(Self(values)) } else { Err(hidden(mistakes)) }
    }

    /// The keys that were given a value.
    #[cfg(feature = "seal")]
    pub(crate) fn keys(&self) -> impl Iterator<Item = &KeyPath> {
        self.0.keys()
    }

    /// The value of a key, if one was given.
    pub(crate) fn get(&self, key: &KeyPath) -> Option<&SecretString> {
        self.0.get(key)
    }
}

fn undeclared(named: &str, place: Place, wanted: &BTreeMap<KeyPath, Wanted>, inventory: &Inventory) -> Diagnostic {
    let mut all = inventory.secrets.iter().flat_map(|((_, secret), declared)| {
        declared.keys.iter().map(move |(key, (source, _))| (format!("{secret}/{key}"), source))
    });
    let (message, hint) = match all.find(|(name, _)| name == named) {
        Some((_, Source::Operator { by, .. })) => {
            (format!("the key {named} is made by {by}"), "remove it here".to_owned())
        }
        Some(_) => (format!("the key {named} has a fixed value"), "remove it here".to_owned()),
        None => (format!("nobody declares the key {named}"), nearest(named, wanted.keys())),
    };
    Diagnostic { message, places: vec![place], hint: Some(hint) }
}
