//! The columns of a file: which of them are the model's inputs, and how the file is written.
//!
//! Files come from spreadsheets as much as from programs (RFC 4180): those of countries that write 3,5 separate cells by
//! semicolons, some begin with a byte order mark, and old ones are written in Windows-1252.

use std::borrow::Cow;

use csv::{Reader, ReaderBuilder, StringRecord};
use encoding_rs::WINDOWS_1252;
use model_file::Description;

/// How a file is written, and where the inputs are in it.
#[derive(Debug)]
pub struct Columns {
    /// Between two cells.
    pub delimiter: u8,
    /// Whether what is written needs a byte order mark: programs look for one.
    pub mark: bool,
    /// All the names, as they stand in the file.
    pub header: StringRecord,
    /// The column of each feature, in the model's order.
    pub places: Vec<usize>,
}

/// What is wrong with a whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileProblem {
    /// No names, or no rows.
    Empty,
    /// No text, but a spreadsheet's own file, say, or a picture.
    Binary,
    /// Inputs that have no column.
    Missing { missing: Vec<String>, found: Vec<String> },
    /// Inputs that have several columns.
    Twice(Vec<String>),
    /// Too many bytes, in all or in a single row, as where a quote is not closed.
    Large,
}

/// The text of a piece, which ends where a row does; and whether it has a byte order mark, or lacks one for being no UTF-8.
pub fn decoded(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF");
    match std::str::from_utf8(text.unwrap_or(bytes)) {
        Ok(plain) => (plain.into(), text.is_some()),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(text.unwrap_or(bytes)).0, true),
    }
}

impl Columns {
    /// Finds the inputs of `model` in the first line of `text`, cells being separated by what finds most of them. `mark` is
    /// whether the file had a byte order mark, or its encoding had none.
    ///
    /// # Errors
    /// When not every input has one column.
    pub fn of(model: &Description, text: &str, mark: bool) -> Result<Self, FileProblem> {
        if text.bytes().take(1024).any(|byte| byte == 0) {
            return Err(FileProblem::Binary);
        }
        let mut best = (0, b',', StringRecord::new());
        for delimiter in [b',', b';', b'\t'] {
            let header = reader(text, delimiter).headers().cloned().unwrap_or_default();
            let known = model.features.iter().filter(|feature| header.iter().any(|name| name.trim() == feature.name));
            // Where none is known, a list of names is more helpful than one long name.
            let score = known.count() * 1000 + header.len().min(999);
            if score > best.0 {
                best = (score, delimiter, header);
            }
        }
        let (_, delimiter, header) = best;
        if header.iter().all(|name| name.trim().is_empty()) {
            return Err(FileProblem::Empty);
        }
        let (mut places, mut missing, mut twice) = (vec![], vec![], vec![]);
        for feature in &model.features {
            let mut found = header.iter().enumerate().filter(|(_, name)| name.trim() == feature.name);
            match (found.next(), found.next()) {
                (None, _) => missing.push(feature.name.clone()),
                (Some((place, _)), None) => places.push(place),
                (Some(_), Some(_)) => twice.push(feature.name.clone()),
            }
        }
        if !missing.is_empty() {
            let found = header.iter().map(|name| name.trim().to_owned()).collect();
            return Err(FileProblem::Missing { missing, found });
        }
        if !twice.is_empty() {
            return Err(FileProblem::Twice(twice));
        }
        Ok(Self { delimiter, mark: mark || delimiter == b';', header, places })
    }

    /// The rows of `text`, after its names.
    pub fn rows<'t>(&self, text: &'t str) -> Reader<&'t [u8]> {
        reader(text, self.delimiter)
    }
}

fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes())
}
