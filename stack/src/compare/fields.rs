//! What differs between two objects: a line per field, `path: a → b`, and `-` where there is nothing.
//!
//! Lists of named things (containers, variables, ports, volumes) are compared by name, as Kubernetes merges them. What has
//! no name (rules of policies, arguments) is there or not there, as a whole: field by field, two unrelated rules would look
//! like one that changed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// Who an object is; its title says it.
const IDENTITY: [&str; 3] = ["metadata.name", "metadata.namespace", "metadata.labels[app.kubernetes.io/name]"];

/// Follows from configuration, which is compared itself.
const HASH: &str = "[mlstack.dev/config-hash]";

/// What tells the items of a list apart, the first that does: by the merge keys of Kubernetes' own types.
const KEYS: [&str; 7] = ["/name", "/mountPath", "/topologyKey", "/secretKey", "/host", "/resource/name", "/type"];

/// What holds the name of a namespace and nothing else.
const NAMESPACES: [&str; 2] = ["kubernetes.io/metadata.name", "namespace"];

/// Namespaces that correspond: what one side calls the first, the other calls the second.
pub(super) type Namespaces<'s> = BTreeSet<(&'s str, &'s str)>;

/// The fields that differ, a line or more each, indented; empty if none does.
pub(super) fn differences(one: &Value, other: &Value, namespaces: &Namespaces<'_>) -> String {
    let mut found = Differences { namespaces, lines: Vec::new() };
    found.compare("", Some(one), Some(other));
    found.lines.iter().flat_map(|line| ["  ", line, "\n"]).collect()
}

struct Differences<'n> {
    namespaces: &'n Namespaces<'n>,
    lines: Vec<String>,
}

impl Differences<'_> {
    fn compare(&mut self, path: &str, one: Option<&Value>, other: Option<&Value>) {
        match (one, other) {
            _ if IDENTITY.contains(&path) || path.ends_with(HASH) => (),
            (Some(one), Some(other)) if self.same(one, other) => (),
            (Some(Value::Object(one)), Some(Value::Object(other))) => {
                for key in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
                    self.compare(&below(path, key), one.get(key), other.get(key));
                }
            }
            (Some(Value::Array(one)), Some(Value::Array(other))) => self.lists(path, one, other),
            (Some(Value::String(one)), Some(Value::String(other))) if one.contains('\n') || other.contains('\n') => {
                self.lines.push(format!("{path}:"));
                for change in TextDiff::from_lines(one, other).iter_all_changes() {
                    match change.tag() {
                        ChangeTag::Equal => (),
                        sign => self.lines.push(format!("  {sign} {}", change.value().trim_end())),
                    }
                }
            }
            _ => {
                let words = [one, other].into_iter().flatten().all(Value::is_string);
                self.lines.push(format!("{path}: {} → {}", shown(one, words), shown(other, words)));
            }
        }
    }

    fn lists(&mut self, path: &str, one: &[Value], other: &[Value]) {
        let before = self.lines.len();
        let keyed = KEYS.iter().find_map(|key| Some((by(key, one)?, by(key, other)?)));
        if let Some((left, right)) = keyed {
            for key in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
                self.compare(&format!("{path}[{key}]"), left.get(key).copied(), right.get(key).copied());
            }
        } else {
            let mut rest: Vec<_> = other.iter().collect();
            for item in one {
                match rest.iter().position(|candidate| self.same(item, candidate)) {
                    Some(place) => drop(rest.remove(place)),
                    None => self.compare(&format!("{path}[]"), Some(item), None),
                }
            }
            for item in rest {
                self.compare(&format!("{path}[]"), None, Some(item));
            }
        }
        if self.lines.len() == before {
            self.lines.push(format!("{path}: the same in another order"));
        }
    }

    /// Whether two values are equal, but for namespaces that correspond: an address follows its Service.
    fn same(&self, one: &Value, other: &Value) -> bool {
        one == other || self.namespaces.iter().any(|moved| renamed(one, "", *moved) == *other)
    }
}

/// `value` as it is where the namespace `from` is called `to`: in host names, and where a namespace is named.
fn renamed(value: &Value, key: &str, (from, to): (&str, &str)) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), renamed(value, key, (from, to)))).collect(),
        Value::Array(items) => items.iter().map(|item| renamed(item, key, (from, to))).collect(),
        Value::String(text) if NAMESPACES.contains(&key) && text == from => to.into(),
        Value::String(text) => text.replace(&format!(".{from}"), &format!(".{to}")).into(),
        other => other.clone(),
    }
}

/// `metadata.annotations[cert-manager.io/cluster-issuer]`: a key that is no word stands in brackets.
fn below(path: &str, key: &str) -> String {
    let word = key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    match (path, word) {
        ("", _) => key.to_owned(),
        (_, true) => format!("{path}.{key}"),
        (_, false) => format!("{path}[{key}]"),
    }
}

/// The items by what tells them apart; nothing if it does not.
fn by<'v>(key: &str, items: &'v [Value]) -> Option<BTreeMap<&'v str, &'v Value>> {
    let named = items.iter().map(|item| Some((item.pointer(key)?.as_str()?, item)));
    named.collect::<Option<BTreeMap<_, _>>>().filter(|named| named.len() == items.len())
}

/// A value, or that there is none. Between words there is nothing to mistake for a number, so they need no quotes.
fn shown(value: Option<&Value>, words: bool) -> String {
    match value {
        None => "-".to_owned(),
        Some(Value::String(text)) if text.contains('\n') => format!("{} lines", text.lines().count()),
        Some(Value::String(text)) if words && text.trim() == text && !["", "-"].contains(&text.as_str()) => {
            text.clone()
        }
        Some(value) => flow(value),
    }
}

/// A value in one line, as YAML's flow style has it; text in quotes only where it would look like something else.
fn flow(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let entries: BTreeMap<_, _> = map.iter().collect();
            let entries: Vec<_> = entries.into_iter().map(|(key, value)| format!("{key}: {}", flow(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_plain(text: &str) -> bool {
    let other = text.parse::<f64>().is_ok() || ["true", "false", "null", "-", ""].contains(&text);
    !other && text.trim() == text && !text.contains(|c: char| c.is_control() || "\"[]{},".contains(c))
}
