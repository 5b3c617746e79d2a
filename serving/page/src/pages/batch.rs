//! `/{language}/models/{model}/batch`: many rows at once, from a CSV file.
//!
//! A script sends the file in pieces and puts the answers together in the browser, so no pod keeps anything. Without scripts
//! the file comes as a form, and its answer is a file.

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::rejection::BytesRejection,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use model_file::Description;
use serde::Serialize;

use super::{Frame, html, part, trouble, visit::Visit};
use crate::{
    Api,
    apis::Trouble,
    assets,
    batch::{self, BINS, FileProblem, Outcome, Piece, Preview, Stopped},
    shown::with_unit,
    words::Words,
};

#[derive(Template)]
#[template(path = "batch.html")]
struct Batch<'a> {
    frame: Frame,
    /// In addresses.
    model: &'a str,
    described: &'a Description,
    /// What stopped a file, or is about to.
    card: Option<trouble::Card>,
    page_away: trouble::Card,
}

#[derive(Template)]
#[template(path = "batch_rows.html")]
struct Lines<'a> {
    rows: &'a [Preview],
    levels: bool,
}

/// What a script puts together.
#[derive(Serialize)]
struct Part {
    header: String,
    csv: String,
    rows: usize,
    wrong: usize,
    bins: [u32; BINS],
    /// Rows of tables, as HTML.
    shown: String,
    shown_wrong: String,
}

/// `GET`: the form.
pub async fn show(visit: Visit) -> Response {
    form(&visit, StatusCode::OK, None)
}

/// The form, under what stopped the last file.
pub fn form(visit: &Visit, status: StatusCode, card: Option<trouble::Card>) -> Response {
    let seen = visit.api.seen();
    let (mut frame, session) = visit.frame("/batch");
    let Some(described) = seen.model(visit.words) else { return visit.waiting(&seen, frame, session) };
    frame.scripts.push(&*assets::BATCH);
    let page_away = trouble::Card::new(visit.words.trouble_page, "page");
    html(status, &Batch { frame, model: visit.model(), described, card, page_away }, session)
}

/// `POST /rows`: a piece of a file. What stops it is a card.
pub async fn rows(visit: Visit, body: Result<Bytes, BytesRejection>) -> Response {
    if !visit.is_ours(visit.header("x-form-token")) {
        return visit.not_ours();
    }
    let first = visit.header("x-first-row").and_then(|first| first.parse().ok()).unwrap_or(1).max(1);
    let answer = match body {
        Ok(body) => piece(&visit.api, visit.words, &body, first).await,
        Err(_) => Err(Stopped::File(FileProblem::Large)),
    };
    match answer {
        Ok((model, piece)) => Json(put_together(&model, piece)).into_response(),
        Err(stopped) => {
            let (status, card) = stopped_card(visit.words, &stopped);
            part(status, &card)
        }
    }
}

/// Predicts a piece with the model as it was last seen.
pub async fn piece(
    api: &Api,
    words: &'static Words,
    bytes: &[u8],
    first: usize,
) -> Result<(std::sync::Arc<Description>, Piece), Stopped> {
    let seen = api.seen();
    let Some(model) = seen.model(words) else { return Err(Stopped::Trouble(Trouble::Unreachable)) };
    Ok((model.clone(), batch::predict(api, model, words, bytes, first).await?))
}

fn put_together(model: &Description, piece: Piece) -> Part {
    let levels = !model.risk_levels.is_empty();
    // Writing into memory does not fail.
    let lines = |rows| Lines { rows, levels }.render().unwrap_or_default();
    let (shown, shown_wrong) = (lines(&piece.shown), lines(&piece.shown_wrong));
    let Piece { header, csv, rows, wrong, bins, .. } = piece;
    Part { header, csv, rows, wrong, bins, shown, shown_wrong }
}

/// What stopped a file, for people.
pub fn stopped_card(words: &Words, stopped: &Stopped) -> (StatusCode, trouble::Card) {
    let problem = match stopped {
        Stopped::Trouble(trouble) => return (trouble::status(trouble), trouble::Card::of(words, trouble)),
        Stopped::File(problem) => problem,
    };
    let (advice, kind) = match problem {
        FileProblem::Empty => (words.trouble_batch_empty, "empty"),
        FileProblem::Missing { .. } => (words.trouble_batch_missing, "missing"),
        FileProblem::Twice(_) => (words.trouble_batch_twice, "twice"),
        FileProblem::Large => (words.trouble_batch_large, "large"),
    };
    let gap = words.gap;
    let detail = match problem {
        FileProblem::Missing { missing, found } => format!(
            "{}{gap}: {}. {}{gap}: {}.",
            words.batch_missing,
            missing.join(", "),
            words.batch_found,
            // A file that is no table may have one endless name.
            found.join(", ").chars().take(500).collect::<String>()
        ),
        FileProblem::Twice(names) => names.join(", "),
        FileProblem::Empty | FileProblem::Large => String::new(),
    };
    let status = match problem {
        FileProblem::Large => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, trouble::Card { detail, ..trouble::Card::new(advice, kind) })
}

impl Batch<'_> {
    /// Each column's name in the file, what is in it, and what it takes.
    fn columns(&self) -> impl Iterator<Item = (&str, String, String)> {
        let words = self.frame.words;
        self.described.features.iter().map(|feature| {
            let range = feature.range.map(|[low, high]| {
                format!("{} {} {} {}", words.usually, words.number(low, 6), words.to, words.number(high, 6))
            });
            let value = |value: &String| match feature.shown_value(value) {
                shown if shown == value => shown.to_owned(),
                shown => format!("{value} ({shown})"),
            };
            let values = || feature.values.iter().map(value).collect::<Vec<_>>().join(", ");
            (feature.name.as_str(), with_unit(feature), range.unwrap_or_else(values))
        })
    }

    /// What the histogram is about.
    fn about(&self) -> String {
        let positive = self.described.classes.iter().find(|class| class.positive);
        let words = self.frame.words;
        positive.map_or(words.batch_likeliest.to_owned(), |class| {
            format!("{} {}", words.probability_of, words.quoted(class.shown()))
        })
    }

    /// The tables of rows: identifier, title, explanation.
    fn tables(&self) -> [(&'static str, &'static str, &'static str); 2] {
        let words = self.frame.words;
        [("wrong", words.batch_wrong, words.batch_wrong_how), ("shown", words.batch_first, "")]
    }

    /// The range of each bar.
    fn bars(&self) -> impl Iterator<Item = (usize, String)> {
        let words = self.frame.words;
        let width = 100 / BINS;
        (0..BINS).map(move |bar| (bar * 32, format!("{}\u{2013}{}{}%", bar * width, (bar + 1) * width, words.gap)))
    }
}
