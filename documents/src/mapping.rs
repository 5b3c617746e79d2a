//! Mappings whose keys are not known beforehand.

use std::collections::BTreeMap;

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Map, Value, ValuePointerRef, take_cf_content};

use crate::{Located, Path};

/// A mapping of any keys to values with their places.
///
/// deserr's own reading of a `BTreeMap` forgets the mistakes behind its keys. And where it meets something else
/// than a mapping, it shows it: files of secrets are read into this, so this one does not.
#[derive(Debug, Clone)]
pub struct Mapping<T>(pub BTreeMap<String, Located<T>>);

impl<T> Default for Mapping<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Deserr<E>, E: DeserializeError> Deserr<E> for Mapping<T> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let Value::Map(map) = value else {
            let what = location.last_field().map_or_else(|| "the file".to_owned(), |key| format!("`{key}`"));
            let msg = format!("{what} must be a mapping\n\nhint: write key: value, on lines of their own, indented");
            return Err(take_cf_content(E::error::<V>(None, ErrorKind::Unexpected { msg }, location)));
        };
        let (mut entries, mut mistakes) = (BTreeMap::new(), None);
        for (key, value) in map.into_iter() {
            let at = location.push_key(&key);
            match T::deserialize_from_value(value.into_value(), at) {
                Ok(value) => drop(entries.insert(key.clone(), Located { value, path: Path::of(at) })),
                Err(more) => mistakes = Some(take_cf_content(E::merge(mistakes, more, at))),
            }
        }
        mistakes.map_or(Ok(Self(entries)), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Style, read, render};

    fn told(text: &str) -> String {
        let read = read::<Mapping<Mapping<bool>>>("f.yaml", text.as_bytes());
        read.map_or_else(|mistakes| render(&mistakes, Style::Plain), |_| String::new())
    }

    #[test]
    fn every_mistake_behind_a_key_is_told() {
        assert_eq!(told("a: {x: true}\nb: {}\n"), "");
        let told = told("a: {x: 1, y: 2}\nb: {z: 3}\n");
        assert_eq!(told.matches("must be true or false").count(), 3, "{told}");
    }

    #[test]
    fn what_is_no_mapping_is_not_shown() {
        for (text, what) in [("a: hidden\n", "error: `a` must be a mapping\n"), ("hidden\n", "error: the file must be")]
        {
            assert!(told(text).starts_with(what), "{}", told(text));
        }
        let without = read::<Mapping<Mapping<bool>>>("f.yaml", b"a: hidden\n").expect_err("a mistake");
        let without: Vec<_> = without.into_iter().map(crate::Diagnostic::without_text).collect();
        let told = render(&without, Style::Plain);
        assert!(told.contains("f.yaml:1:4") && !told.contains("hidden"), "{told}");
    }
}
