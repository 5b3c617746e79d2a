//! Rows of a window: the inputs of the prediction log, or a CSV file.
//!
//! They are read with patience. What was predicted was checked before; a file of somebody else's may have gaps, and a value that
//! is missing or of the wrong kind is told by the report, not refused.

use std::{fmt, fs::File, io, path::Path};

use csv::{ByteRecord, ReaderBuilder, Trim};
use drift::Window;
use serde::{
    Deserializer as _,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::model::Features;

/// Counts a row of the log, which is a JSON object; `false` if it is none.
pub fn inputs(text: &str, features: &Features, window: &mut Window) -> bool {
    let mut text = serde_json::Deserializer::from_str(text);
    text.deserialize_map(Inputs { features, window }).is_ok()
}

struct Inputs<'a> {
    features: &'a Features,
    window: &'a mut Window,
}

impl<'de> Visitor<'de> for Inputs<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.window.row();
        let mut guess = 0;
        while let Some(place) = entries.next_key_seed(Key { features: self.features, guess })? {
            match place {
                Some(place) => {
                    entries.next_value_seed(Cell { place, window: self.window })?;
                    guess = place + 1;
                }
                None => drop(entries.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// The place of a feature, by its name.
struct Key<'a> {
    features: &'a Features,
    guess: usize,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: serde::Deserializer<'de>>(self, key: D) -> Result<Self::Value, D::Error> {
        key.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.features.place(name, self.guess))
    }
}

/// A value, which goes into the window if it is one.
struct Cell<'a> {
    place: usize,
    window: &'a mut Window,
}

impl<'de> DeserializeSeed<'de> for Cell<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cell<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        #[expect(clippy::cast_possible_truncation, reason = "the reference is f32")]
        self.window.number(self.place, value as f32);
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "the reference is f32")]
    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.visit_f64(value as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "the reference is f32")]
    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.visit_f64(value as f64)
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<(), E> {
        self.window.word(self.place, word);
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// A CSV file that is no window.
#[derive(Debug, thiserror::Error)]
pub enum BadWindow {
    /// The file.
    #[error("cannot read {file}: {source}\n\nhint: check --window")]
    File {
        /// Which.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// Its header.
    #[error("{file} has no column of the model's\n\nhint: begin it with a header line that names features: {features}")]
    Header {
        /// Which.
        file: String,
        /// What was looked for.
        features: String,
    },
}

/// Counts the rows of a CSV file with a header line, whose columns may stand in any order; those that are no feature are left
/// aside. Gives back how many lines are no rows, and the first of them.
///
/// # Errors
/// When it cannot be read, or has no column of a feature.
pub fn csv(path: &Path, features: &Features, window: &mut Window) -> Result<(u64, Option<u64>), BadWindow> {
    let name = || path.display().to_string();
    let wrong = |source: io::Error| BadWindow::File { file: name(), source };
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(File::open(path).map_err(wrong)?);
    let header = reader.headers().map_err(|error| wrong(error.into()))?.clone();
    // A file saved by a spreadsheet begins with a byte order mark.
    let place = |(column, name): (usize, &str)| features.place(name.trim_start_matches('\u{feff}'), column);
    let places: Vec<Option<usize>> = header.iter().enumerate().map(place).collect();
    if places.iter().all(Option::is_none) {
        let all: Vec<&str> = features.all().map(|feature| feature.name.as_str()).collect();
        return Err(BadWindow::Header { file: name(), features: all.join(", ") });
    }
    let (mut record, mut unreadable, mut first) = (ByteRecord::new(), 0, None);
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok((unreadable, first)),
            Ok(true) => {
                window.row();
                for (cell, place) in record.iter().zip(&places) {
                    let (Some(place), Ok(cell)) = (*place, str::from_utf8(cell)) else { continue };
                    match cell.parse::<f64>() {
                        _ if cell.is_empty() => {}
                        #[expect(clippy::cast_possible_truncation, reason = "the reference is f32")]
                        Ok(number) if !features.at(place).is_category() => window.number(place, number as f32),
                        _ => window.word(place, cell),
                    }
                }
            }
            Err(error) if error.is_io_error() => return Err(wrong(error.into())),
            Err(error) => {
                unreadable += 1;
                first = first.or(error.position().map(csv::Position::line));
            }
        }
    }
}
