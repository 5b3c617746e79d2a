//! Why a file of rows goes no further, in words for people.

use axum::http::StatusCode;

use super::super::trouble;
use crate::{
    batch::{FileProblem, Stopped},
    words::Words,
};

/// The card, and the status of a page with it.
pub fn card(words: &Words, stopped: &Stopped) -> (StatusCode, trouble::Card) {
    match stopped {
        Stopped::Trouble(trouble) => (trouble::status(trouble), trouble::Card::of(words, trouble)),
        Stopped::File(problem) => {
            let status = match problem {
                FileProblem::Large => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            (status, of_file(words, problem))
        }
        Stopped::Slow => (StatusCode::REQUEST_TIMEOUT, lost(words)),
    }
}

/// The card beside a script, which asks again for as long as it may help.
pub fn for_now(words: &Words, stopped: &Stopped) -> trouble::Card {
    let mut card = card(words, stopped).1;
    if card.retry.is_some() {
        card.advice.then = words.batch_waiting;
    }
    card
}

/// The card of a connection that is lost, or as good as that.
pub fn lost(words: &Words) -> trouble::Card {
    trouble::Card { retry: Some(3), ..trouble::Card::new(words.trouble_page, "page") }
}

/// The card of a file that is none.
pub fn of_file(words: &Words, problem: &FileProblem) -> trouble::Card {
    let (advice, kind, detail) = match problem {
        FileProblem::Empty => (words.trouble_batch_empty, "empty", String::new()),
        FileProblem::Binary => (words.trouble_batch_binary, "binary", String::new()),
        FileProblem::Missing { missing, found } => {
            (words.trouble_batch_missing, "missing", columns(words, missing, found))
        }
        FileProblem::Twice(names) => (words.trouble_batch_twice, "twice", names.join(", ")),
        FileProblem::Large => (words.trouble_batch_large, "large", String::new()),
    };
    trouble::Card { detail, ..trouble::Card::new(advice, kind) }
}

fn columns(words: &Words, missing: &[String], found: &[String]) -> String {
    // A file that is no table may have one endless name.
    let found: String = found.join(", ").chars().take(500).collect();
    let (lacks, has, gap) = (words.batch_missing, words.batch_found, words.gap);
    format!("{lacks}{gap}: {}. {has}{gap}: {found}.", missing.join(", "))
}
