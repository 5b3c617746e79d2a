//! The way from the root of a document to a value in it.

use std::fmt;

use deserr::{DeserializeError, Deserr, IntoValue, Value, ValuePointerRef};

/// Keys and indices, from the root down; shown as in `models[0].exposure.nodePort`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub(crate) Vec<Step>);

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

impl Path {
    /// The path that deserr is at.
    pub fn of(pointer: ValuePointerRef<'_>) -> Self {
        let (mut above, step) = match pointer {
            ValuePointerRef::Origin => return Self::default(),
            ValuePointerRef::Key { key, prev } => (Self::of(*prev), Step::Key(key.to_owned())),
            ValuePointerRef::Index { index, prev } => (Self::of(*prev), Step::Index(index)),
        };
        above.0.push(step);
        above
    }

    /// The path of what stands behind `key` in the mapping at this one.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        Self(self.0.iter().cloned().chain([Step::Key(key.to_owned())]).collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if depth == 0 => write!(out, "{key}")?,
                Step::Key(key) => write!(out, ".{key}")?,
                Step::Index(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// A value and where in its document it was written, so that a check can point at it long after it
/// was read.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub path: Path,
}

impl<T> Located<T> {
    /// A value that was not written anywhere: a default, or one in a test.
    pub const fn nowhere(value: T) -> Self {
        Self { value, path: Path(Vec::new()) }
    }
}

impl<T: Default> Default for Located<T> {
    fn default() -> Self {
        Self::nowhere(T::default())
    }
}

impl<T: Deserr<E>, E: DeserializeError> Deserr<E> for Located<T> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        T::deserialize_from_value(value, location).map(|value| Self { value, path: Path::of(location) })
    }
}

impl<T: schemars::JsonSchema> schemars::JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}

impl<T: serde::Serialize> serde::Serialize for Located<T> {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(out)
    }
}
