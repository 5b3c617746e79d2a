//! A piece of a file with its answers, as the script puts it together with the others.

use askama::Template;
use model_file::Description;
use serde::Serialize;

use super::super::text;
use crate::{
    batch::{BINS, Outcome, Piece, Preview},
    shown::has_levels,
};

/// What comes of a piece.
#[derive(Debug, Serialize)]
pub struct Part {
    mark: &'static str,
    header: String,
    csv: String,
    /// Rows, those that are wrong, and those of each class.
    counts: Vec<usize>,
    bins: [usize; BINS],
    /// Rows of tables, as HTML.
    shown: String,
    #[serde(rename = "wrong")]
    shown_wrong: String,
}

#[derive(Template)]
#[template(path = "batch_rows.html")]
struct Table<'a> {
    rows: &'a [Preview],
    /// Columns of what the model says.
    said: usize,
}

impl Part {
    /// That of a piece.
    pub fn of(model: &Description, piece: Piece) -> Self {
        let table = |rows| text(&Table { rows, said: 2 + usize::from(has_levels(model)) });
        let (shown, shown_wrong) = (table(&piece.shown), table(&piece.shown_wrong));
        let Piece { mark, header, csv, rows, wrong, classes, bins, .. } = piece;
        Self { mark, header, csv, counts: [vec![rows, wrong], classes].concat(), bins, shown, shown_wrong }
    }
}
