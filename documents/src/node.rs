//! A YAML document as a tree in which every value and every key knows its place.

use std::ops::Range;

use deserr::{IntoValue, Map, Value, ValueKind};

use crate::{Path, path::Step};

/// A value and where it stands, in bytes from the beginning of the text.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Where it stands.
    pub(crate) span: Range<usize>,
    pub(crate) tree: Tree,
}

/// What a value is, by YAML 1.2's core schema.
#[derive(Debug, Clone)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Integer(u64),
    Negative(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Entries(Entries),
}

/// The entries of a mapping, in the order of the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entries(pub(crate) Vec<Entry>);

/// A key, its place, and what stands behind it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) span: Range<usize>,
    pub(crate) value: Node,
}

impl Node {
    /// The value at `path`, or the nearest one above it that exists.
    pub(crate) fn at(&self, path: &Path) -> &Self {
        path.0.iter().try_fold(self, |node, step| node.child(step).ok_or(node)).unwrap_or_else(|nearest| nearest)
    }

    /// The place of `key` in the mapping at `path`.
    pub(crate) fn key_at(&self, path: &Path, key: &str) -> Option<Range<usize>> {
        let Tree::Entries(entries) = &self.at(path).tree else { return None };
        entries.get(key).map(|entry| entry.span.clone())
    }

    pub(crate) const fn is_collection(&self) -> bool {
        matches!(self.tree, Tree::List(_) | Tree::Entries(_))
    }

    fn child(&self, step: &Step) -> Option<&Self> {
        match (&self.tree, step) {
            (Tree::Entries(entries), Step::Key(key)) => entries.get(key).map(|entry| &entry.value),
            (Tree::List(items), Step::Index(index)) => items.get(*index),
            _ => None,
        }
    }
}

impl Entries {
    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.key == key)
    }
}

impl IntoValue for Node {
    type Sequence = Vec<Self>;
    type Map = Entries;

    fn kind(&self) -> ValueKind {
        match self.tree {
            Tree::Null => ValueKind::Null,
            Tree::Bool(_) => ValueKind::Boolean,
            Tree::Integer(_) => ValueKind::Integer,
            Tree::Negative(_) => ValueKind::NegativeInteger,
            Tree::Float(_) => ValueKind::Float,
            Tree::Text(_) => ValueKind::String,
            Tree::List(_) => ValueKind::Sequence,
            Tree::Entries(_) => ValueKind::Map,
        }
    }

    fn into_value(self) -> Value<Self> {
        match self.tree {
            Tree::Null => Value::Null,
            Tree::Bool(value) => Value::Boolean(value),
            Tree::Integer(value) => Value::Integer(value),
            Tree::Negative(value) => Value::NegativeInteger(value),
            Tree::Float(value) => Value::Float(value),
            Tree::Text(value) => Value::String(value),
            Tree::List(items) => Value::Sequence(items),
            Tree::Entries(entries) => Value::Map(entries),
        }
    }
}

impl Map for Entries {
    type Value = Node;
    type Iter = std::iter::Map<std::vec::IntoIter<Entry>, fn(Entry) -> (String, Node)>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn remove(&mut self, key: &str) -> Option<Node> {
        let at = self.0.iter().position(|entry| entry.key == key)?;
        Some(self.0.remove(at).value)
    }

    fn into_iter(self) -> Self::Iter {
        self.0.into_iter().map(|entry| (entry.key, entry.value))
    }
}
