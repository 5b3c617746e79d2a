//! A piece with its answers: the file's cells as they were, then what the model says, and what is counted and shown of it.

use std::fmt::Write;

use csv::WriterBuilder;
use model_file::{DescribedClass, DescribedLevel, Description};

use super::{Columns, Rows};
use crate::{
    apis::Answer,
    shown::{likeliest, share},
    words::Words,
};

/// Bars of the histogram, each of a twentieth.
pub const BINS: usize = 20;
const BARS: f64 = 20.0;
/// Rows that are shown, at most.
const SHOWN: usize = 100;

/// What comes of a piece.
#[derive(Debug)]
pub struct Piece {
    /// The line of names, for the first piece; it begins with a byte order mark where spreadsheets look for one.
    pub header: String,
    /// The rows, as CSV.
    pub csv: String,
    /// How many there are.
    pub rows: usize,
    /// How many of them are wrong.
    pub wrong: usize,
    /// How often a probability falls into each part of 0 to 1.
    pub bins: [u32; BINS],
    /// The first of the file.
    pub shown: Vec<Preview>,
    /// The first of those that are wrong.
    pub shown_wrong: Vec<Preview>,
}

/// A row to look at.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Its number in the file.
    pub number: usize,
    /// The inputs, in the model's order.
    pub cells: Vec<String>,
    /// What comes of it, or what is wrong.
    pub outcome: Result<Outcome, String>,
}

/// What comes of a row.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub label: String,
    pub percent: String,
    pub level: String,
}

impl Piece {
    /// `answers` are those of the rows that are right.
    pub fn of(
        model: &Description,
        columns: &Columns,
        rows: &Rows,
        answers: &[Answer],
        words: &Words,
        first: usize,
    ) -> Self {
        let semicolon = columns.delimiter == b';';
        let mut piece = Self {
            header: header(model, columns, if semicolon { "\u{feff}" } else { "" }),
            csv: String::new(),
            rows: rows.list.len(),
            wrong: 0,
            bins: [0; BINS],
            shown: vec![],
            shown_wrong: vec![],
        };
        // Spreadsheets that separate by semicolons do so because their numbers have commas.
        let comma = semicolon && words.point == ',';
        let mut lines = Lines { writer: writer(columns.delimiter), number: String::new(), comma };
        let positive = model.classes.iter().position(|class| class.positive);
        let mut answers = answers.iter();
        let (mut shares, blank) = (vec![], model.classes.len() + 3 + usize::from(has_levels(model)));
        for (number, row) in (first..).zip(&rows.list) {
            let width = columns.header.len();
            for place in 0..width {
                lines.text(row.cells.get(place).unwrap_or_default());
            }
            let outcome = row.asked.as_ref().map_err(Clone::clone).and_then(|_| answers.next().ok_or_else(String::new));
            let outcome = match outcome {
                Ok(answer) => {
                    shares.clear();
                    shares.extend(model.classes.iter().map(|class| share(answer, &class.value)));
                    let best = likeliest(&shares);
                    let class = model.classes.get(best);
                    let probability = shares.get(positive.unwrap_or(best)).copied().unwrap_or_default();
                    // The file is data: it has the words of answers, whatever language the page is read in.
                    lines.text(class.map_or("", |class| &class.label));
                    lines.number(probability);
                    for &share in &shares {
                        lines.number(share);
                    }
                    let level = level(model, probability);
                    if has_levels(model) {
                        lines.text(level.map_or("", |level| &level.label));
                    }
                    lines.text(&answer.model_version);
                    lines.text("");
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 20")]
                    let bin = (probability.clamp(0.0, 1.0) * BARS) as usize;
                    piece.bins[bin.min(BINS - 1)] += 1;
                    (number <= SHOWN).then(|| {
                        let percent = words.percent(probability);
                        let label = class.map_or("", DescribedClass::shown).to_owned();
                        let level = level.map_or("", DescribedLevel::shown).to_owned();
                        Ok(Outcome { label, percent, level })
                    })
                }
                Err(problem) => {
                    (0..blank).for_each(|_| lines.text(""));
                    lines.text(&problem);
                    piece.wrong += 1;
                    (number <= SHOWN || piece.shown_wrong.len() < SHOWN).then_some(Err(problem))
                }
            };
            lines.end();
            if let Some(outcome) = outcome {
                let cell = |&place: &usize| row.cells.get(place).unwrap_or_default().to_owned();
                let preview = Preview { number, cells: columns.places.iter().map(cell).collect(), outcome };
                if preview.outcome.is_err() && piece.shown_wrong.len() < SHOWN {
                    piece.shown_wrong.push(preview.clone());
                }
                if number <= SHOWN {
                    piece.shown.push(preview);
                }
            }
        }
        piece.csv = lines.finish();
        piece
    }
}

struct Lines {
    writer: csv::Writer<Vec<u8>>,
    number: String,
    comma: bool,
}

/// Writing into memory does not fail.
impl Lines {
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

    fn finish(self) -> String {
        self.writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

fn writer(delimiter: u8) -> csv::Writer<Vec<u8>> {
    WriterBuilder::new().delimiter(delimiter).flexible(true).terminator(csv::Terminator::CRLF).from_writer(vec![])
}

fn header(model: &Description, columns: &Columns, mark: &str) -> String {
    let mut lines = Lines { writer: writer(columns.delimiter), number: String::new(), comma: false };
    columns.header.iter().for_each(|name| lines.text(name));
    let classes = model.classes.iter().map(|class| format!("probability_{}", class.value));
    let mut names = vec!["label".to_owned(), "probability".to_owned()];
    names.extend(classes);
    names.extend(has_levels(model).then(|| "risk_level".to_owned()));
    names.extend(["model_version".to_owned(), "problem".to_owned()]);
    for mut name in names {
        // A file that has been here before.
        while columns.header.iter().any(|other| other == name) {
            name.push('_');
        }
        lines.text(&name);
    }
    lines.end();
    format!("{mark}{}", lines.finish())
}

fn has_levels(model: &Description) -> bool {
    !model.risk_levels.is_empty() && model.classes.iter().any(|class| class.positive)
}

fn level(model: &Description, share: f64) -> Option<&DescribedLevel> {
    model.risk_levels.iter().find(|level| level.below.is_none_or(|below| share < below))
}
