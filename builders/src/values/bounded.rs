//! Whole numbers that make sense only up to a bound.

use deserr::{DeserializeError, Deserr, IntoValue, Value, ValuePointerRef};
use schemars::JsonSchema;

use super::{Invalid, text::refuse};

/// A whole number from 0 to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct AtMost<const MAX: u32>(u32);

/// A time in seconds, at most a week.
pub type Seconds = AtMost<604_800>;

impl<const MAX: u32> AtMost<MAX> {
    /// `number`, or `MAX` if it is larger.
    pub const fn new(number: u32) -> Self {
        Self(if number < MAX { number } else { MAX })
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<E: DeserializeError, const MAX: u32> Deserr<E> for AtMost<MAX> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let number = u64::deserialize_from_value(value, location)?;
        match u32::try_from(number) {
            Ok(number) if number <= MAX => Ok(Self(number)),
            _ => {
                let why = Invalid::new(format!("{number} is too much"), format!("write a number from 0 to {MAX}"));
                Err(refuse::<V, E>(&why, location))
            }
        }
    }
}

impl<const MAX: u32> JsonSchema for AtMost<MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("AtMost{MAX}").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "integer", "minimum": 0, "maximum": MAX})
    }
}
