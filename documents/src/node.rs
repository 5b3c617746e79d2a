//! A YAML document as a tree in which every value and every key knows its place.

use std::{fmt, ops::Range};

use deserr::{IntoValue, Map, Value, ValueKind};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use crate::{Path, path::Step};

/// A value and where it stands, in bytes from the beginning of the text.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it stands.
    pub span: Range<usize>,
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

/// The entries of a mapping, in the order of the file, with the place of each key.
#[derive(Debug, Clone)]
pub struct Entries(Vec<(String, Range<usize>, Node)>);

impl Node {
    /// The value at `path`, or the nearest one above it that exists.
    pub fn at(&self, path: &Path) -> &Self {
        path.0.iter().try_fold(self, |node, step| node.child(step).ok_or(node)).unwrap_or_else(|nearest| nearest)
    }

    /// The place of `key` in the mapping at `path`.
    pub fn key_at(&self, path: &Path, key: &str) -> Option<Range<usize>> {
        let Tree::Entries(Entries(entries)) = &self.at(path).tree else { return None };
        entries.iter().find(|(name, ..)| name == key).map(|(_, span, _)| span.clone())
    }

    pub(crate) const fn is_collection(&self) -> bool {
        matches!(self.tree, Tree::List(_) | Tree::Entries(_))
    }

    fn child(&self, step: &Step) -> Option<&Self> {
        match (&self.tree, step) {
            (Tree::Entries(Entries(entries)), Step::Key(key)) => {
                entries.iter().find(|(name, ..)| name == key).map(|(.., value)| value)
            }
            (Tree::List(items), Step::Index(index)) => items.get(*index),
            _ => None,
        }
    }
}

/// Bytes from the beginning of the text; nothing for a place that the reader does not know.
pub(crate) fn range(location: Location) -> Range<usize> {
    let span = location.span();
    let number = |bytes: Option<u64>| bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0);
    let start = number(span.byte_offset());
    start..start + number(span.byte_len())
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Spanned { value, referenced, .. } = Spanned::<Tree>::deserialize(from)?;
        Ok(Self { span: range(referenced), tree: value })
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a YAML value")
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Tree, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Integer(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Tree, E> {
        Ok(u64::try_from(value).map_or(Tree::Negative(value), Tree::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<Spanned<String>, Node>()? {
            entries.push((key.value, range(key.referenced), value));
        }
        Ok(Tree::Entries(Entries(entries)))
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
    type Iter = std::vec::IntoIter<(String, Node)>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn remove(&mut self, key: &str) -> Option<Node> {
        let at = self.0.iter().position(|(name, ..)| name == key)?;
        Some(self.0.remove(at).2)
    }

    fn into_iter(self) -> Self::Iter {
        self.0.into_iter().map(|(key, _, value)| (key, value)).collect::<Vec<_>>().into_iter()
    }
}
