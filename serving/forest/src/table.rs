//! The rows of a CSV file, checked against the model file: everything that is wrong, with its line and column.

use std::{fmt, io::Read};

use csv::{ErrorKind, Position, StringRecord};
use model_file::{Feature, FeatureType, ModelFile};

/// How many problems are told; a wrong file would tell thousands.
const TOLD: usize = 20;
/// How many characters of a cell, or of the header, are told.
const MOST: usize = 200;

/// Rows that can be trained on.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    features: usize,
    classes: usize,
    /// `[rows × features]`, row by row.
    values: Vec<f32>,
    /// The class of each row, as its place in the model file.
    labels: Vec<usize>,
}

/// What is wrong with a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadData {
    file: String,
    told: Vec<String>,
    more: usize,
}

impl std::error::Error for BadData {}

impl fmt::Display for BadData {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} is not the data set that the model file describes", self.file)?;
        self.told.iter().try_for_each(|told| write!(out, "\n  {told}"))?;
        if self.more > 0 {
            write!(out, "\n  and {} more", self.more)?;
        }
        write!(out, "\n\nhint: mend the file, or say under features and classes of the model file what it holds")
    }
}

impl BadData {
    fn new(file: &str) -> Self {
        Self { file: file.to_owned(), told: Vec::new(), more: 0 }
    }

    fn tell(&mut self, problem: String) {
        if self.told.len() < TOLD { self.told.push(problem) } else { self.more += 1 }
    }

    fn at(&mut self, position: Option<&Position>, column: &str, problem: &str) {
        // Line 1 is the header, and so is row 0: people count rows of data from 1.
        let (line, row) = position.map_or((0, 0), |position| (position.line(), position.record()));
        self.tell(format!("row {row} (line {line}), column {column}: {problem}"));
    }

    fn or<T>(self, value: T) -> Result<T, Self> {
        if self.told.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl Table {
    /// Reads a CSV file with a header line. Columns may stand in any order; those that the model file
    /// does not name are left aside.
    ///
    /// # Errors
    /// Every mistake, the first twenty in words: a column that is missing or there twice, a cell that is
    /// empty or not what its feature holds, a class that the model file does not know, a class without rows.
    pub fn read(name: &str, bytes: impl Read, file: &ModelFile) -> Result<Self, BadData> {
        let mut bad = BadData::new(name);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let features = &file.features.value;
        let places = match reader.headers() {
            Ok(header) => header_places(header, file, &mut bad),
            Err(error) => {
                bad.tell(said(&error));
                Vec::new()
            }
        };
        let classes = &file.classes.value;
        let mut table =
            Self { features: features.len(), classes: classes.len(), values: Vec::new(), labels: Vec::new() };
        let mut record = StringRecord::new();
        let mut table = bad.or(()).and_then(|()| {
            let mut bad = BadData::new(name);
            loop {
                match reader.read_record(&mut record) {
                    Ok(false) => break,
                    Ok(true) => table.push(&record, &places, file, &mut bad),
                    Err(error) => bad.tell(said(&error)),
                }
            }
            bad.or(table)
        })?;
        table.values.shrink_to_fit();
        let mut bad = BadData::new(name);
        for (class, stated) in classes.iter().enumerate() {
            let rows = table.labels.iter().filter(|&&label| label == class).count();
            if rows < 2 {
                bad.tell(format!("the class {} has {rows} rows, and at least 2 are needed", stated.value.value));
            }
        }
        bad.or(table)
    }

    fn push(&mut self, record: &StringRecord, places: &[usize], file: &ModelFile, bad: &mut BadData) {
        let cell = |place: usize| record.get(places[place]).unwrap_or_default();
        for (place, feature) in file.features.value.iter().enumerate() {
            match value(feature, cell(place)) {
                Ok(value) => self.values.push(value),
                Err(problem) => {
                    bad.at(record.position(), &feature.name.value, &problem);
                    self.values.push(f32::NAN);
                }
            }
        }
        let label = cell(self.features);
        let class = file.classes.value.iter().position(|class| class.value.value == label).or_else(|| {
            // `0` and `0.0` are the same class to a data scientist.
            let number: f64 = label.parse().ok()?;
            file.classes.value.iter().position(|class| class.value.value.parse() == Ok(number))
        });
        if let Some(class) = class {
            self.labels.push(class);
        } else {
            let known: Vec<&str> = file.classes.value.iter().map(|class| class.value.value.as_str()).collect();
            let label = shown(label);
            let problem = format!("{label:?} is no class; the model file knows {}", known.join(", "));
            bad.at(record.position(), &file.data.target.value, &problem);
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// A row, `[features]`; a category is its place in `values`.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.features..][..self.features]
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks_exact(self.features)
    }

    /// Only these rows.
    pub fn only(&self, rows: &[usize]) -> Self {
        Self {
            values: rows.iter().flat_map(|&row| self.row(row)).copied().collect(),
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
            ..*self
        }
    }

    /// The class of a row, as its place in the model file.
    pub fn class(&self, row: usize) -> usize {
        self.labels[row]
    }

    /// The class of every row.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }
}

/// What is wrong with a row as a whole.
fn said(error: &csv::Error) -> String {
    let place = error.position().map_or_else(String::new, |at| format!("row {} (line {})", at.record(), at.line()));
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{place}: it has {len} cells, the header {expected_len}")
        }
        ErrorKind::Utf8 { err, .. } => format!("{place}, cell {}: it is not UTF-8", err.field() + 1),
        _ => error.to_string(),
    }
}

/// Where features and, last, the target stand in the file.
fn header_places(header: &StringRecord, file: &ModelFile, bad: &mut BadData) -> Vec<usize> {
    let features = file.features.value.iter().map(|feature| feature.name.value.as_str());
    let wanted = features.chain([file.data.target.value.as_str()]);
    // A file saved by a spreadsheet begins with a byte order mark.
    let plain = |name: &str| name.trim_start_matches('\u{feff}').to_owned();
    let header: Vec<String> = header.iter().map(plain).collect();
    let all = shown(&header.join(", "));
    wanted
        .filter_map(|name| {
            let mut found = header.iter().enumerate().filter(|(_, column)| *column == name);
            match (found.next(), found.next()) {
                (Some((place, _)), None) => return Some(place),
                (Some(_), Some(_)) => bad.tell(format!("the column {name} is there twice")),
                (None, _) => bad.tell(format!("there is no column {name}; the header has {all}")),
            }
            None
        })
        .collect()
}

/// What of a text is told: a quote that is never closed makes a cell of the rest of the file.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(MOST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// A cell as a feature has it.
fn value(feature: &Feature, cell: &str) -> Result<f32, String> {
    if cell.is_empty() {
        return Err("the cell is empty".to_owned());
    }
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "trees compare f32")]
    match feature.kind {
        FeatureType::Category => {
            let values = feature.values.as_ref().map_or(&[][..], |values| &values.value);
            let code = values.iter().position(|value| value == cell);
            code.map(|code| code as f32).ok_or_else(|| format!("{:?} is none of {}", shown(cell), values.join(", ")))
        }
        FeatureType::Number | FeatureType::Integer => {
            let value = cell.parse::<f64>().map_err(|_| format!("{:?} is no number", shown(cell)))?;
            let whole = feature.kind == FeatureType::Number || value.fract() == 0.0;
            match value as f32 {
                narrow if !narrow.is_finite() => Err(format!("{cell} is no number that a model can hold")),
                _ if !whole => Err(format!("{cell} is not whole, but the type is integer")),
                narrow => Ok(narrow),
            }
        }
    }
}
