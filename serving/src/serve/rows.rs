//! The body of `/predict`: one object or an array of them, straight into rows of the model.
//!
//! Everything that is wrong is collected with its row and field, so a client mends it at once. Text that
//! is no JSON at all is another kind of mistake, and ends the reading where it stands.

use std::fmt;

use serde::{
    Serialize,
    de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use utoipa::ToSchema;

use crate::model::Features;

/// How many mistakes are told in words.
const TOLD: usize = 100;

/// Rows that a model can take.
#[derive(Debug, Default)]
pub struct Rows {
    /// `[rows × features]`, row by row.
    pub values: Vec<f32>,
    /// How many.
    pub count: usize,
    /// Whether they came as an array, and are answered as one.
    pub many: bool,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WrongField {
    /// The row in an array, from 0; nothing where one object was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The field.
    pub field: String,
    /// What it should be, and what was found.
    pub problem: String,
}

/// Why a body is refused.
#[derive(Debug)]
pub enum Unfit {
    /// No JSON.
    Malformed(String),
    /// JSON, but not rows of this model.
    Wrong(Vec<WrongField>),
    /// More rows than are allowed.
    TooMany,
}

/// Reads a body of at most `most` rows.
///
/// # Errors
/// Every field that does not fit.
pub fn read(body: &[u8], features: &Features, most: usize) -> Result<Rows, Unfit> {
    let mut reading = Reading { features, most, rows: Rows::default(), wrong: Vec::new(), too_many: false };
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = Body(&mut reading).deserialize(&mut json).and_then(|()| json.end());
    match read {
        _ if reading.too_many => Err(Unfit::TooMany),
        Err(error) => Err(Unfit::Malformed(error.to_string())),
        Ok(()) if reading.wrong.is_empty() => Ok(reading.rows),
        Ok(()) => Err(Unfit::Wrong(reading.wrong)),
    }
}

struct Reading<'f> {
    features: &'f Features,
    most: usize,
    rows: Rows,
    wrong: Vec<WrongField>,
    too_many: bool,
}

impl Reading<'_> {
    fn wrong(&mut self, field: &str, problem: impl Into<String>) {
        if self.wrong.len() < TOLD {
            let row = self.rows.many.then_some(self.rows.count);
            self.wrong.push(WrongField { row, field: field.to_owned(), problem: problem.into() });
        }
    }
}

/// What stands where something else should: the words of every kind of JSON value.
macro_rules! refuse {
    ($($visit:ident: $type:ty => $words:literal),*) => { $(
        fn $visit<E: Error>(self, _: $type) -> Result<Self::Value, E> {
            self.found($words);
            Ok(Default::default())
        }
    )* };
}

/// The whole body.
struct Body<'r, 'f>(&'r mut Reading<'f>);

impl<'de> DeserializeSeed<'de> for Body<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl Body<'_, '_> {
    fn found(self, what: &str) {
        self.0.wrong("", format!("the body must be an object, or an array of objects, found {what}"));
    }
}

impl<'de> Visitor<'de> for Body<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object, or an array of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        Row(self.0).visit_map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        self.0.rows.many = true;
        while rows.next_element_seed(Row(&mut *self.0))?.is_some() {
            if self.0.rows.count > self.0.most {
                self.0.too_many = true;
                return Err(A::Error::custom("too many rows"));
            }
        }
        Ok(())
    }

    refuse!(visit_bool: bool => "a boolean", visit_i64: i64 => "a number", visit_u64: u64 => "a number",
            visit_f64: f64 => "a number", visit_str: &str => "text");

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.found("null");
        Ok(())
    }
}

/// One row.
struct Row<'r, 'f>(&'r mut Reading<'f>);

impl<'de> DeserializeSeed<'de> for Row<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl Row<'_, '_> {
    fn found(self, what: &str) {
        self.0.wrong("", format!("a row must be an object, found {what}"));
        self.0.rows.count += 1;
    }
}

impl<'de> Visitor<'de> for Row<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let start = self.0.rows.values.len();
        let reading = self.0;
        // NaN stands for nothing yet: no JSON number is one.
        reading.rows.values.resize(start + reading.features.count(), f32::NAN);
        let mut next = 0;
        while let Some(place) = map.next_key_seed(Key { features: reading.features, guess: next })? {
            match place {
                Ok(place) => {
                    next = place + 1;
                    let value = map.next_value_seed(Cell { reading: &mut *reading, place })?;
                    let there = reading.rows.values[start + place];
                    if !there.is_nan() {
                        let name = reading.features.at(place).name.clone();
                        reading.wrong(&name, "is there twice");
                    }
                    reading.rows.values[start + place] = value;
                }
                Err(unknown) => {
                    map.next_value::<IgnoredAny>()?;
                    reading.wrong(&unknown, "is no feature of this model");
                }
            }
        }
        let features = reading.features;
        for (place, feature) in features.all().enumerate() {
            if reading.rows.values[start + place].is_nan() {
                reading.wrong(&feature.name, format!("is missing; it must be {}", feature.wanted()));
            }
        }
        reading.rows.count += 1;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        self.found("an array");
        Ok(())
    }

    refuse!(visit_bool: bool => "a boolean", visit_i64: i64 => "a number", visit_u64: u64 => "a number",
            visit_f64: f64 => "a number", visit_str: &str => "text");

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.found("null");
        Ok(())
    }
}

/// The place of a key, or the key itself where it is no feature.
struct Key<'f> {
    features: &'f Features,
    guess: usize,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Result<usize, String>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Result<usize, String>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.features.place(key, self.guess).ok_or_else(|| key.to_owned()))
    }
}

/// The value of a feature; 0 where it does not fit, so that it is not also called missing.
struct Cell<'r, 'f> {
    reading: &'r mut Reading<'f>,
    place: usize,
}

impl<'de> DeserializeSeed<'de> for Cell<'_, '_> {
    type Value = f32;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<f32, D::Error> {
        json.deserialize_any(self)
    }
}

impl Cell<'_, '_> {
    fn found(self, what: &str) {
        let feature = self.reading.features.at(self.place);
        self.reading.wrong(&feature.name, format!("must be {}, found {what}", feature.wanted()));
    }

    fn take(self, value: Result<f32, String>) -> f32 {
        value.unwrap_or_else(|problem| {
            let feature = self.reading.features.at(self.place);
            self.reading.wrong(&feature.name, problem);
            0.0
        })
    }
}

impl<'de> Visitor<'de> for Cell<'_, '_> {
    type Value = f32;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<f32, E> {
        let number = self.reading.features.at(self.place).number(value);
        Ok(self.take(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "trees compare f32")]
    fn visit_i64<E: Error>(self, value: i64) -> Result<f32, E> {
        self.visit_f64(value as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "trees compare f32")]
    fn visit_u64<E: Error>(self, value: u64) -> Result<f32, E> {
        self.visit_f64(value as f64)
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<f32, E> {
        let code = self.reading.features.at(self.place).word(word);
        Ok(self.take(code))
    }

    refuse!(visit_bool: bool => "a boolean");

    fn visit_unit<E: Error>(self) -> Result<f32, E> {
        self.found("null");
        Ok(0.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<f32, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        self.found("an array");
        Ok(0.0)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<f32, A::Error> {
        while items.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.found("an object");
        Ok(0.0)
    }
}
