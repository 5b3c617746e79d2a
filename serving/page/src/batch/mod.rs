//! Many rows at once: a CSV file, piece by piece, so that a long one needs no more memory than a short one.
//!
//! A piece is the line of names and some thousand rows. What is wrong with a row stays with the row; only what is wrong with
//! the whole file, or with the API, ends it. The page's script cuts a file as `Cutter` does for browsers without scripts.

mod answered;
mod columns;
mod cut;
mod rows;

pub use answered::{BINS, Outcome, Piece, Preview};
pub use columns::{Columns, FileProblem};
pub use cut::Cutter;
use model_file::Description;
pub use rows::Rows;

use crate::{
    apis::{Answer, Api, Trouble},
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
}

/// Predicts the rows of a piece of a file; `first` is the number of its first row in the file, from 1.
///
/// # Errors
/// When the file has not what the model wants, or the API does not answer. A wrong row is no error.
pub async fn predict(
    api: &Api,
    model: &Description,
    words: &'static Words,
    bytes: &[u8],
    first: usize,
) -> Result<Piece, Stopped> {
    let text = columns::decoded(bytes);
    let columns = Columns::of(model, &text).map_err(Stopped::File)?;
    let mut rows = Rows::read(model, &columns, &text, words);
    if rows.list.is_empty() && first == 1 {
        return Err(Stopped::File(FileProblem::Empty));
    }
    let answers = match ask(api, &rows).await {
        Err(Trouble::Wrong(fields)) => {
            // The API knows its model better than we remembered it.
            rows.refuse(&fields, words);
            ask(api, &rows).await
        }
        answers => answers,
    };
    Ok(Piece::of(model, &columns, &rows, &answers.map_err(Stopped::Trouble)?, words, first))
}

async fn ask(api: &Api, rows: &Rows) -> Result<Vec<Answer>, Trouble> {
    let right = rows.right();
    if right == 0 {
        return Ok(vec![]);
    }
    let answers = api.predict(rows.json(), false).await?;
    if answers.len() == right { Ok(answers) } else { Err(Trouble::Unexpected(200)) }
}
