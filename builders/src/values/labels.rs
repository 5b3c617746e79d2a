//! Labels and annotations: keys with a rule of Kubernetes' own, and text.

use std::collections::BTreeMap;

use deserr::{DeserializeError, Deserr, IntoValue, Value, ValuePointerRef};
use documents::Mapping;
use schemars::JsonSchema;

use super::{Invalid, text::refuse};

/// Labels by which pods are selected.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, JsonSchema, serde::Serialize)]
pub struct Labels(pub BTreeMap<String, String>);

/// What an object says to others than Kubernetes.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, JsonSchema, serde::Serialize)]
pub struct Annotations(pub BTreeMap<String, String>);

impl<E: DeserializeError> Deserr<E> for Labels {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        entries::<V, E>(value, location, |text| {
            let rule = "a label's value is at most 63 letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit";
            (text.is_empty() || is_word(text)).then_some(()).ok_or(rule)
        })
        .map(Self)
    }
}

impl<E: DeserializeError> Deserr<E> for Annotations {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        entries::<V, E>(value, location, |_| Ok(())).map(Self)
    }
}

fn entries<V: IntoValue, E: DeserializeError>(
    value: Value<V>,
    location: ValuePointerRef<'_>,
    rule: impl Fn(&str) -> Result<(), &'static str>,
) -> Result<BTreeMap<String, String>, E> {
    let Mapping(entries) = Mapping::<String>::deserialize_from_value(value, location)?;
    let check = |(key, entry): (String, documents::Located<String>)| {
        let at = location.push_key(&key);
        if !is_key(&key) {
            let hint = "write name or prefix/name, such as app.kubernetes.io/name";
            return Err(refuse::<V, E>(
                &Invalid::new(format!("{key:?} is not the key of a label or an annotation"), hint),
                at,
            ));
        }
        match rule(&entry.value) {
            Ok(()) => Ok((key, entry.value)),
            Err(hint) => {
                Err(refuse::<V, E>(&Invalid::new(format!("{:?} is not a label's value", entry.value), hint), at))
            }
        }
    };
    entries.into_iter().map(check).collect()
}

/// A name, and perhaps a DNS name with `/` before it
/// (<https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>).
fn is_key(key: &str) -> bool {
    let (prefix, name) = key.split_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    let is_prefix = |prefix: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
        !prefix.is_empty() && prefix.len() <= 253 && prefix.chars().all(plain)
    };
    prefix.is_none_or(is_prefix) && is_word(name)
}

fn is_word(text: &str) -> bool {
    let ends = |c: char| c.is_ascii_alphanumeric();
    (1..=63).contains(&text.len())
        && text.chars().all(|c| ends(c) || "-_.".contains(c))
        && text.starts_with(ends)
        && text.ends_with(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_words() {
        for good in ["a", "app.kubernetes.io/name", "eks.amazonaws.com/role-arn", "A_b.c"] {
            assert!(is_key(good), "{good}");
        }
        for bad in ["", "/a", "a/", "a/b/c", "-a", "A.example/b", "a b"] {
            assert!(!is_key(bad), "{bad}");
        }
    }
}
