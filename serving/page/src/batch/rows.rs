//! The rows of a piece, as the API wants them, or with what is wrong with them.

use std::{fmt::Write, ops::Range};

use csv::StringRecord;
use model_file::{DescribedFeature, Description, FeatureType};

use super::Columns;
use crate::{apis::WrongField, forms::Input, words::Words};

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
    /// Its cells.
    pub cells: StringRecord,
    /// Where its object is, or what is wrong with it.
    pub asked: Result<Range<usize>, String>,
}

/// A feature with what is written for each row alike.
struct Reads<'m> {
    feature: &'m DescribedFeature,
    key: String,
    /// Of a category, the values as JSON.
    values: Vec<String>,
}

impl Rows {
    /// Reads what follows the names in `text`.
    pub fn read(model: &Description, columns: &Columns, text: &str, words: &'static Words) -> Self {
        let json = |text: &String| serde_json::Value::from(text.as_str()).to_string();
        let reads = |feature| {
            let feature: &DescribedFeature = feature;
            Reads { feature, key: json(&feature.name), values: feature.values.iter().map(json).collect() }
        };
        let reads: Vec<Reads> = model.features.iter().map(reads).collect();
        let mut rows = Self { list: vec![], objects: String::new() };
        let (mut reader, mut cells) = (columns.rows(text), StringRecord::new());
        // Text in memory, with rows of any length: there is nothing that can fail.
        while reader.read_record(&mut cells).unwrap_or(false) {
            let asked = rows.row(columns, &reads, &cells, words);
            rows.list.push(Row { cells: cells.clone(), asked });
        }
        rows
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
            self.objects.push_str(&reads.key);
            self.objects.push(':');
            let cell = cells.get(place).unwrap_or_default();
            if let Err(wrong) = reads.write(cell, columns.delimiter, words, &mut self.objects) {
                let apart = if problem.is_empty() { "" } else { " " };
                let _ = write!(problem, "{apart}{}{}: {wrong}", reads.feature.name, words.gap);
            }
        }
        if !problem.is_empty() {
            self.objects.truncate(start);
            return Err(problem);
        }
        self.objects.push('}');
        Ok(start..self.objects.len())
    }

    /// How many are right.
    pub fn right(&self) -> usize {
        self.list.iter().filter(|row| row.asked.is_ok()).count()
    }

    /// Those that are right, as a JSON array.
    pub fn json(&self) -> String {
        let mut json = String::with_capacity(self.objects.len() + self.list.len() + 2);
        for range in self.list.iter().filter_map(|row| row.asked.clone().ok()) {
            json.push(if json.is_empty() { '[' } else { ',' });
            json.push_str(&self.objects[range]);
        }
        json.push(']');
        json
    }

    /// Marks what the API refuses of those that were right.
    pub fn refuse(&mut self, fields: &[WrongField], words: &Words) {
        let right = self.list.iter_mut().filter(|row| row.asked.is_ok());
        for (place, row) in right.enumerate() {
            if let Some(wrong) = fields.iter().find(|wrong| wrong.row == place) {
                row.asked = Err(format!("{}{}: {}", wrong.field, words.gap, words.refused));
            }
        }
    }
}

impl Reads<'_> {
    /// Writes a cell as JSON, or says what is wrong with it.
    fn write(&self, cell: &str, delimiter: u8, words: &'static Words, json: &mut String) -> Result<(), String> {
        let (cell, kind) = (cell.trim(), self.feature.kind);
        if kind == FeatureType::Category {
            if let Some(place) = self.feature.values.iter().position(|value| value == cell) {
                json.push_str(&self.values[place]);
                return Ok(());
            }
        } else if let Ok(number) = cell.parse::<f64>()
            // What is plainly fine; the rest is for `Input` to judge.
            && number.abs() < 1e15
            && (kind == FeatureType::Number || number.fract() == 0.0)
        {
            let _ = write!(json, "{number}");
            return Ok(());
        }
        if cell.is_empty() {
            return Err(words.batch_blank.to_owned());
        }
        let input = Input::read(self.feature, cell, words);
        // Where a comma separates cells, one in a number may just as well separate thousands.
        let comma = delimiter == b',' && kind != FeatureType::Category && cell.contains(',');
        let problem = input.problem.or_else(|| comma.then(|| words.number_wanted.to_owned()));
        if let Some(problem) = problem {
            let short: String = cell.chars().take(40).collect();
            return Err(format!("{problem} ({short})"));
        }
        let _ = write!(json, "{}", input.value);
        Ok(())
    }
}
