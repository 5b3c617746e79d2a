//! A piece with its answers: what is written, counted and shown of it.

use model_file::{DescribedClass, Description};

use super::{Columns, Rows, lines::Lines, rows::Row};
use crate::{
    apis::Answer,
    shown::{Said, Says},
    words::Words,
};

/// Bars of the histogram, each of a twentieth.
pub const BINS: usize = 20;
const BARS: f64 = 20.0;
/// Rows that are shown, at most, and the last line that any of the first may be on: the names are on the first.
const SHOWN: usize = 100;
const LAST: usize = SHOWN + 1;

/// What comes of a piece.
#[derive(Debug)]
pub struct Piece {
    /// What the whole answer begins with if any piece says so: a byte order mark, or nothing.
    pub mark: &'static str,
    /// The line of names.
    pub header: String,
    /// The rows, as CSV.
    pub csv: String,
    /// How many there are.
    pub rows: usize,
    /// How many of them are wrong.
    pub wrong: usize,
    /// How many there are of each class.
    pub classes: Vec<usize>,
    /// How often a probability falls into each part of 0 to 1.
    pub bins: [usize; BINS],
    /// The first of the file.
    pub shown: Vec<Preview>,
    /// The first of those that are wrong.
    pub shown_wrong: Vec<Preview>,
}

/// A row to look at.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Its line in the file.
    pub line: usize,
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
    pub level: Option<String>,
}

impl Piece {
    /// `answers` are those of the rows that are right.
    pub fn of(model: &Description, columns: &Columns, rows: &Rows, answers: &[Answer], words: &Words) -> Self {
        let says = Says::of(model);
        let names = says.columns();
        let mut header = Lines::of(columns, &names, words);
        header.header();
        let mut piece = Self {
            mark: if columns.mark { "\u{feff}" } else { "" },
            header: header.finish(),
            csv: String::new(),
            rows: rows.list.len(),
            wrong: 0,
            classes: vec![0; model.classes.len()],
            bins: [0; BINS],
            shown: vec![],
            shown_wrong: vec![],
        };
        let (mut lines, mut answers) = (Lines::of(columns, &names, words), answers.iter());
        for row in &rows.list {
            // There is one for each that is right.
            let answer = row.asked.as_ref().map(|_| answers.next());
            let preview = |outcome| Preview::of(columns, row, outcome);
            match answer {
                Ok(None) => {}
                Ok(Some(answer)) => {
                    let said = says.said(answer);
                    lines.right(row, &said, &answer.model_version);
                    piece.count(&said);
                    if row.line <= LAST {
                        piece.shown.push(preview(Ok(Outcome::of(&said, words))));
                    }
                }
                Err(problem) => {
                    lines.wrong(row, problem);
                    piece.wrong += 1;
                    if row.line <= LAST {
                        piece.shown.push(preview(Err(problem.clone())));
                    }
                    if piece.shown_wrong.len() < SHOWN {
                        piece.shown_wrong.push(preview(Err(problem.clone())));
                    }
                }
            }
        }
        piece.csv = lines.finish();
        piece
    }

    fn count(&mut self, said: &Said<'_>) {
        if let Some(count) = self.classes.get_mut(said.place) {
            *count += 1;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 20")]
        let bin = (said.probability.clamp(0.0, 1.0) * BARS) as usize;
        self.bins[bin.min(BINS - 1)] += 1;
    }
}

impl Preview {
    fn of(columns: &Columns, row: &Row, outcome: Result<Outcome, String>) -> Self {
        let cell = |&place: &usize| row.cells.get(place).unwrap_or_default().to_owned();
        Self { line: row.line, cells: columns.places.iter().map(cell).collect(), outcome }
    }
}

impl Outcome {
    fn of(said: &Said<'_>, words: &Words) -> Self {
        let label = said.class.map_or("", DescribedClass::shown).to_owned();
        let level = said.level.map(|(_, level)| level.shown().to_owned());
        Self { label, percent: words.percent(said.probability), level }
    }
}
