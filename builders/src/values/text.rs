//! One macro makes a validated text type: parsing, reading from YAML, writing, and the JSON schema
//! come from one statement of the rule, an example and a pattern.

use std::fmt;

use deserr::{DeserializeError, ErrorKind, IntoValue, ValuePointerRef, take_cf_content};

/// Why a value was refused: what is wrong, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    what: String,
    hint: String,
}

impl Invalid {
    /// `what` says what was wrong with the value, `hint` what to do; both lower-case, no final period.
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\n\nhint: {}", self.what, self.hint)
    }
}

impl std::error::Error for Invalid {}

/// Reports `why` at `location`, in the form that `Deserr` wants for a single error.
pub fn refuse<V: IntoValue, E: DeserializeError>(why: &Invalid, location: ValuePointerRef<'_>) -> E {
    take_cf_content(E::error::<V>(None, ErrorKind::Unexpected { msg: why.to_string() }, location))
}

/// Gives a type that has `FromStr<Err = Invalid>` and `Display` its place in YAML files and schemas.
///
/// Numbers are read as text where `numbers` is said (`cpu: 1`), since Kubernetes does so too.
#[macro_export]
macro_rules! text_value {
    (@types) => {
        "string"
    };
    (@types $number:ident) => {
        ["string", "number"]
    };
    ($type:ident, schema: $title:literal, about: $about:literal, example: $example:literal, pattern: $pattern:literal $(, numbers: $number:ident)?) => {
        impl<E: $crate::macros::deserr::DeserializeError> $crate::macros::deserr::Deserr<E> for $type {
            fn deserialize_from_value<V: $crate::macros::deserr::IntoValue>(
                value: $crate::macros::deserr::Value<V>,
                location: $crate::macros::deserr::ValuePointerRef<'_>,
            ) -> Result<Self, E> {
                use $crate::macros::deserr;
                let text = match value {
                    deserr::Value::String(text) => text,
                    $(deserr::Value::Integer($number) => $number.to_string(),
                    deserr::Value::NegativeInteger($number) => $number.to_string(),
                    deserr::Value::Float($number) => $number.to_string(),)?
                    actual => {
                        let accepted = &[deserr::ValueKind::String];
                        let kind = deserr::ErrorKind::IncorrectValueKind { actual, accepted };
                        return Err(deserr::take_cf_content(E::error(None, kind, location)));
                    }
                };
                text.parse().map_err(|why| $crate::refuse::<V, E>(&why, location))
            }
        }

        impl $crate::macros::serde::Serialize for $type {
            fn serialize<S: $crate::macros::serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }

        impl $crate::macros::schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $title.into()
            }

            fn json_schema(_: &mut $crate::macros::schemars::SchemaGenerator) -> $crate::macros::schemars::Schema {
                $crate::macros::schemars::json_schema!({
                    "type": $crate::text_value!(@types $($number)?), "description": $about, "pattern": $pattern, "examples": [$example],
                })
            }
        }
    };
}
