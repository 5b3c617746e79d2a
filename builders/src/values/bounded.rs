//! Whole numbers that make sense only between bounds.

use deserr::{DeserializeError, Deserr, IntoValue, Value, ValuePointerRef};
use schemars::JsonSchema;

use super::{Invalid, text::refuse};

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Between<const MIN: u32, const MAX: u32>(u32);

/// A whole number from 0 to `MAX`.
pub type AtMost<const MAX: u32> = Between<0, MAX>;

/// A time in seconds, at most a week.
pub type Seconds = AtMost<604_800>;

impl<const MIN: u32, const MAX: u32> Between<MIN, MAX> {
    /// `number`, or the bound that it is beyond.
    pub const fn new(number: u32) -> Self {
        Self(if number < MIN {
            MIN
        } else if number > MAX {
            MAX
        } else {
            number
        })
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<E: DeserializeError, const MIN: u32, const MAX: u32> Deserr<E> for Between<MIN, MAX> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let number = u64::deserialize_from_value(value, location)?;
        match u32::try_from(number) {
            Ok(number) if (MIN..=MAX).contains(&number) => Ok(Self(number)),
            found => {
                let side = if found.is_ok_and(|number| number < MIN) { "little" } else { "much" };
                let why =
                    Invalid::new(format!("{number} is too {side}"), format!("write a number from {MIN} to {MAX}"));
                Err(refuse::<V, E>(&why, location))
            }
        }
    }
}

impl<const MIN: u32, const MAX: u32> JsonSchema for Between<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Between{MIN}And{MAX}").into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}
