//! One macro makes a choice whose `type` says how its other keys are read, in the manner of Kubernetes' own unions:
//! `{type: NodePort, nodePort: 30080}`.

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Map, Value, ValueKind, ValuePointerRef, take_cf_content};

use super::{Invalid, text::refuse};

/// What a variant without further keys is read as.
#[doc(hidden)]
#[derive(Debug, Deserr)]
#[deserr(deny_unknown_fields)]
pub struct Nothing {}

/// Takes `type` out of a mapping: its index in `known`, and the rest.
///
/// # Errors
/// When the value is no mapping, or has no `type` or an unknown one.
#[doc(hidden)]
pub fn kind<V: IntoValue, E: DeserializeError>(
    value: Value<V>,
    known: &[&str],
    location: ValuePointerRef<'_>,
) -> Result<(usize, Value<V>), E> {
    let wrong = |kind, at| take_cf_content(E::error::<V>(None, kind, at));
    let mut map = match value {
        Value::Map(map) => map,
        // The type alone, as if it were all.
        Value::String(word) => {
            let near = known.iter().find(|known| known.eq_ignore_ascii_case(&word));
            let hint = format!("write {{type: {}}}, and what the type needs beside it", near.unwrap_or(&known[0]));
            let field = location.last_field().unwrap_or("this");
            return Err(refuse::<V, E>(&Invalid::new(format!("`{field}` is a mapping with a type"), hint), location));
        }
        actual => return Err(wrong(ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::Map] }, location)),
    };
    let at = location.push_key("type");
    match map.remove("type").map(IntoValue::into_value) {
        Some(Value::String(kind)) => match known.iter().position(|known| *known == kind) {
            Some(index) => Ok((index, Value::Map(map))),
            None => Err(wrong(ErrorKind::UnknownValue { value: &kind, accepted: known }, at)),
        },
        Some(actual) => Err(wrong(ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::String] }, at)),
        None => Err(wrong(ErrorKind::MissingField { field: "type" }, location)),
    }
}

/// Reads an enum by its `type`; each variant is empty or holds one struct, which reads the other keys.
///
/// The schema comes from `#[schemars(tag = "type")]` on the enum.
#[macro_export]
macro_rules! choice {
    ($choice:ident { $($variant:ident $(($values:ty))?),+ $(,)? }) => {
        impl<E: $crate::macros::deserr::DeserializeError> $crate::macros::deserr::Deserr<E> for $choice {
            fn deserialize_from_value<V: $crate::macros::deserr::IntoValue>(
                value: $crate::macros::deserr::Value<V>,
                location: $crate::macros::deserr::ValuePointerRef<'_>,
            ) -> Result<Self, E> {
                const KNOWN: &[&str] = &[$(stringify!($variant)),+];
                let (index, rest) = $crate::macros::kind::<V, E>(value, KNOWN, location)?;
                $($crate::choice!(@read $choice $variant $(($values))?, KNOWN[index], rest, location);)+
                unreachable!("the index is that of a variant")
            }
        }
    };
    (@read $choice:ident $variant:ident, $kind:expr, $rest:ident, $location:ident) => {
        if $kind == stringify!($variant) {
            return <$crate::macros::Nothing as $crate::macros::deserr::Deserr<E>>::deserialize_from_value($rest, $location)
                .map(|_| $choice::$variant);
        }
    };
    (@read $choice:ident $variant:ident ($values:ty), $kind:expr, $rest:ident, $location:ident) => {
        if $kind == stringify!($variant) {
            return <$values as $crate::macros::deserr::Deserr<E>>::deserialize_from_value($rest, $location)
                .map($choice::$variant);
        }
    };
}
