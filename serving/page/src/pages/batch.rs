//! `/{language}/models/{model}/batch`: many rows at once, from a CSV file.
//!
//! A script sends the file in pieces and puts the answers together in the browser, so no pod keeps anything. Without scripts
//! the file comes as a form, and its answer is a file.

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model_file::Description;
use serde::Serialize;

use super::{Frame, html, predict::Waiting, trouble};
use crate::{
    Api, Shared,
    apis::Trouble,
    assets,
    batch::{self, BINS, FileProblem, Outcome, Piece, Preview, Stopped},
    session::{Session, is_ours},
    shown::{title, with_unit},
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
pub async fn show(
    State(page): State<Shared>,
    Path((language, model)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (Some(words), true) = (Words::of(&language), page.api(&model).is_some()) else {
        return trouble::nothing_here(&page, Words::asked(&headers), &headers);
    };
    form(&page, words, &model, &headers, StatusCode::OK, None)
}

/// The form, under what stopped the last file.
pub fn form(
    page: &Shared,
    words: &'static Words,
    model: &str,
    headers: &HeaderMap,
    status: StatusCode,
    card: Option<trouble::Card>,
) -> Response {
    let session = Session::of(headers);
    let mut frame = Frame::new(page, words, Some(model), &format!("/models/{model}/batch"), &session);
    frame.title = title(model);
    let seen = page.api(model).map(|api| api.seen()).unwrap_or_default();
    let Some(described) = &seen.model else {
        let trouble = trouble::of_condition(seen.condition).unwrap_or(Trouble::Unreachable);
        let card = trouble::Card::of(words, &trouble);
        return html(trouble::status(&trouble), &Waiting { frame, card }, session);
    };
    frame.scripts.push(&*assets::BATCH);
    let page_away = trouble::Card::new(words.trouble_page, "page");
    html(status, &Batch { frame, model, described, card, page_away }, session)
}

/// `POST /rows`: a piece of a file. What stops it is a card.
pub async fn rows(
    State(page): State<Shared>,
    Path((language, model)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let (Some(words), Some(api)) = (Words::of(&language), page.api(&model)) else {
        return trouble::nothing_here(&page, Words::asked(&headers), &headers);
    };
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if !is_ours(&headers, text("x-form-token")) {
        return trouble::not_ours(&page, words, &headers);
    }
    let first = text("x-first-row").and_then(|first| first.parse().ok()).unwrap_or(1).max(1);
    let answer = match body {
        Ok(body) => piece(api, words, &body, first).await,
        Err(_) => Err(Stopped::File(FileProblem::Large)),
    };
    match answer {
        Ok((model, piece)) => Json(part(&model, piece)).into_response(),
        Err(stopped) => {
            let (status, card) = stopped_card(words, &stopped);
            let Ok(text) = card.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
            (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
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
    let Some(model) = &seen.model else { return Err(Stopped::Trouble(Trouble::Unreachable)) };
    Ok((model.clone(), batch::predict(api, model, words, bytes, first).await?))
}

fn part(model: &Description, piece: Piece) -> Part {
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
    fn columns(&self) -> impl Iterator<Item = (String, String)> {
        let words = self.frame.words;
        self.described.features.iter().map(|feature| {
            let range = feature.range.map(|[low, high]| {
                format!("{} {} {} {}", words.usually, words.number(low, 6), words.to, words.number(high, 6))
            });
            (with_unit(feature), range.unwrap_or_else(|| feature.values.join(", ")))
        })
    }

    /// What the histogram is about.
    fn about(&self) -> String {
        let positive = self.described.classes.iter().find(|class| class.positive);
        let words = self.frame.words;
        positive.map_or(words.batch_likeliest.to_owned(), |class| format!("{} “{}”", words.probability_of, class.label))
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
