//! Many rows at once: a CSV file, piece by piece, so that a long one needs no more memory than a short one.
//!
//! A piece is the line of names and some hundred rows. What is wrong with a row stays with the row; only what is wrong with
//! the whole file, or with the API, ends it. The page's script cuts a file as `Cutter` does for browsers without scripts.

mod answered;
mod asked;
mod cells;
mod columns;
mod cut;
mod harmless;
mod lines;
mod rows;

pub use answered::{BINS, Outcome, Piece, Preview};
pub use columns::{Columns, FileProblem};
pub use cut::{Cut, Cutter};
use model_file::Description;
pub use rows::Rows;

use crate::{
    apis::{Api, Trouble},
    words::Words,
};

/// Bytes of a piece, at most.
pub const PIECE: usize = 1 << 20;

/// Why a file goes no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stopped {
    /// The file is not one.
    File(FileProblem),
    /// The API does not answer.
    Trouble(Trouble),
    /// It took too long to come.
    Slow,
}

/// Predicts the rows of a piece of a file.
///
/// # Errors
/// When the file has not what the model wants, or the API does not answer. A wrong row is no error.
pub async fn predict(api: &Api, model: &Description, words: &'static Words, cut: &Cut) -> Result<Piece, Stopped> {
    let (text, mark) = columns::decoded(&cut.bytes);
    let columns = Columns::of(model, &text, mark).map_err(Stopped::File)?;
    let mut rows = Rows::read(model, &columns, &text, cut.first, words);
    if rows.list.is_empty() {
        return Err(Stopped::File(FileProblem::Empty));
    }
    let answers = asked::ask(api, &mut rows, words).await.map_err(Stopped::Trouble)?;
    Ok(Piece::of(model, &columns, &rows, &answers, words))
}
