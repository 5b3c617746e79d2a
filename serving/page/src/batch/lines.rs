//! The lines of an answer: the file's cells as they were, then what the model says, or what is wrong.
//!
//! The file's cells are its owner's data, formulas and all. What is added has words of a model file, or of the file in an
//! order of ours: that never is a formula (`harmless`).
//!
//! They are written as the file was (RFC 4180, whatever separates the cells), so that what opened the one opens the other.

use std::fmt::Write;

use csv::WriterBuilder;

use super::{Columns, harmless::harmless, rows::Row};
use crate::{shown::Said, words::Words};

/// Lines being written.
#[derive(Debug)]
pub struct Lines<'c> {
    columns: &'c Columns,
    /// The names of what the model says.
    said: &'c [String],
    writer: csv::Writer<Vec<u8>>,
    number: String,
    /// Spreadsheets that separate by semicolons do so because their numbers have commas.
    comma: bool,
}

/// Writing into memory does not fail.
impl<'c> Lines<'c> {
    /// Nothing yet, as the file of these columns is written.
    pub fn of(columns: &'c Columns, said: &'c [String], words: &Words) -> Self {
        let builder = &mut WriterBuilder::new();
        let builder = builder.delimiter(columns.delimiter).flexible(true).terminator(csv::Terminator::CRLF);
        let comma = columns.delimiter == b';' && words.point == ',';
        Self { columns, said, writer: builder.from_writer(vec![]), number: String::new(), comma }
    }

    /// The line of names.
    pub fn header(&mut self) {
        let file = &self.columns.header;
        file.iter().for_each(|name| self.text(name));
        for name in self.said.iter().map(String::as_str).chain(["problem"]) {
            let mut name = name.to_owned();
            // A file that has been here before.
            while file.iter().any(|other| other == name) {
                name.push('_');
            }
            self.added(&name);
        }
        self.end();
    }

    /// A row that was predicted.
    pub fn right(&mut self, row: &Row, said: &Said<'_>, version: &str) {
        self.cells(row);
        // The file is data: it has the words of answers, whatever language the page is read in.
        self.added(said.class.map_or("", |class| &class.label));
        self.number(said.probability);
        said.shares.iter().for_each(|&share| self.number(share));
        said.level.iter().for_each(|(_, level)| self.added(&level.label));
        self.added(version);
        self.added("");
        self.end();
    }

    /// A row that was not, and why.
    pub fn wrong(&mut self, row: &Row, problem: &str) {
        self.cells(row);
        self.said.iter().for_each(|_| self.added(""));
        self.added(problem);
        self.end();
    }

    /// All of them.
    pub fn finish(self) -> String {
        self.writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// As many as there are columns.
    fn cells(&mut self, row: &Row) {
        for place in 0..self.columns.header.len() {
            self.text(row.cells.get(place).unwrap_or_default());
        }
    }

    fn added(&mut self, text: &str) {
        self.text(&harmless(text));
    }

    fn text(&mut self, text: &str) {
        let _ = self.writer.write_field(text);
    }

    fn number(&mut self, number: f64) {
        self.number.clear();
        let _ = write!(self.number, "{number:.6}");
        if self.comma {
            self.number = self.number.replace('.', ",");
        }
        let _ = self.writer.write_field(&self.number);
    }

    fn end(&mut self) {
        let _ = self.writer.write_record(None::<&[u8]>);
    }
}
