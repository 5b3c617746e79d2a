//! The rows of a piece, as the API wants them, or with what is wrong with them.

use std::{fmt::Write, ops::Range};

use csv::StringRecord;
use model_file::Description;

use super::{Columns, cells::Reads};
use crate::{apis::WrongField, words::Words};

/// The rows of a piece.
#[derive(Debug)]
pub struct Rows {
    /// In the file's order.
    pub list: Vec<Row>,
    /// The objects of the rows that are right, one after the other.
    objects: String,
}

/// A row.
#[derive(Debug)]
pub struct Row {
    /// The line of the file that it begins on, as spreadsheets count: a line break within quotes begins none.
    pub line: usize,
    /// Its cells.
    pub cells: StringRecord,
    /// Where its object is, or what is wrong with it.
    pub asked: Result<Range<usize>, String>,
}

impl Rows {
    /// Reads what follows the names in `text`; `first` is the line of the file where that begins.
    pub fn read(model: &Description, columns: &Columns, text: &str, first: usize, words: &'static Words) -> Self {
        let reads: Vec<Reads> = model.features.iter().map(Reads::of).collect();
        let mut rows = Self { list: vec![], objects: String::new() };
        let (mut reader, mut cells, mut line) = (columns.rows(text), StringRecord::new(), first);
        // Text in memory, with rows of any length: there is nothing that can fail.
        let _ = reader.headers();
        loop {
            line += blank_lines(text, reader.position().byte());
            if !reader.read_record(&mut cells).unwrap_or(false) {
                return rows;
            }
            let asked = rows.row(columns, &reads, &cells, words);
            rows.list.push(Row { line, cells: cells.clone(), asked });
            line += 1;
        }
    }

    fn row(
        &mut self,
        columns: &Columns,
        reads: &[Reads],
        cells: &StringRecord,
        words: &'static Words,
    ) -> Result<Range<usize>, String> {
        let (wanted, found) = (columns.header.len(), cells.len());
        if found != wanted {
            let mut problem = format!("{}{}: {found} / {wanted}", words.batch_cells, words.gap);
            // They have no column to be kept in.
            for cell in cells.iter().skip(wanted) {
                let _ = write!(problem, " · {cell}");
            }
            return Err(problem);
        }
        let (start, mut problem) = (self.objects.len(), String::new());
        for (reads, &place) in reads.iter().zip(&columns.places) {
            self.objects.push(if self.objects.len() == start { '{' } else { ',' });
            self.objects.push_str(reads.key());
            self.objects.push(':');
            let cell = cells.get(place).unwrap_or_default();
            if let Err(wrong) = reads.write(cell, columns.delimiter, words, &mut self.objects) {
                let apart = if problem.is_empty() { "" } else { " " };
                let _ = write!(problem, "{apart}{}{}: {wrong}", reads.name(), words.gap);
            }
        }
        if !problem.is_empty() {
            self.objects.truncate(start);
            return Err(problem);
        }
        self.objects.push('}');
        Ok(start..self.objects.len())
    }

    /// Of those that are right, all but the first `past`, and at most `most`, as a JSON array; and how many these are.
    pub fn json(&self, past: usize, most: usize) -> (String, usize) {
        let (mut json, mut count) = (String::from("["), 0);
        for range in self.list.iter().filter_map(|row| row.asked.as_ref().ok()).skip(past).take(most) {
            json.push_str(if count == 0 { "" } else { "," });
            json.push_str(&self.objects[range.clone()]);
            count += 1;
        }
        json.push(']');
        (json, count)
    }

    /// Marks what the API refuses of those that were right, the first `past` of them left out; says whether there was any.
    pub fn refuse(&mut self, past: usize, fields: &[WrongField], words: &Words) -> bool {
        let mut any = false;
        let right = self.list.iter_mut().filter(|row| row.asked.is_ok()).skip(past);
        for (place, row) in right.enumerate() {
            if let Some(wrong) = fields.iter().find(|wrong| wrong.row == place) {
                row.asked = Err(format!("{}{}: {}", wrong.field, words.gap, words.refused));
                any = true;
            }
        }
        any
    }
}

/// How many lines without anything stand between a row that ends at `byte` and the next: readers of CSV pass over them.
fn blank_lines(text: &str, byte: u64) -> usize {
    // A row may end before the second byte of its own line end.
    let from = usize::try_from(byte).unwrap_or(usize::MAX).saturating_sub(1);
    let ends = text.bytes().skip(from).take_while(|byte| matches!(byte, b'\r' | b'\n'));
    ends.filter(|&byte| byte == b'\n').count().saturating_sub(1)
}
