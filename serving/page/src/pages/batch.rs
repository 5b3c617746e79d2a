//! `/{language}/models/{model}/batch`: many rows at once, from a CSV file.
//!
//! A script sends the file in pieces and puts the answers together in the browser, so no pod keeps anything. Without scripts
//! the file comes as a form, and its answer is a file.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model_file::Description;

use super::{Frame, html, part::Part, predict::Waiting, stopped, trouble};
use crate::{
    Api, Shared,
    apis::Trouble,
    assets,
    batch::{self, BINS, Cut, FileProblem, Piece, Stopped},
    session::{Session, is_ours},
    shown::title,
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
    /// What the script may have to say, by their identifiers.
    cards: [(&'static str, trouble::Card); 3],
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
    let cards = [
        ("page-away", trouble::Card { retry: Some(3), ..trouble::Card::new(words.trouble_page, "page") }),
        ("file-large", stopped::of_file(words, &FileProblem::Large)),
        ("file-gone", trouble::Card::new(words.trouble_batch_gone, "gone")),
    ];
    html(status, &Batch { frame, model, described, card, cards }, session)
}

/// `POST /rows`: a piece of a file. Its type says whether there is an answer: what stops a file is a card.
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
    let first = text("x-first-line").and_then(|first| first.parse::<u32>().ok()).map_or(2, |first| first as usize);
    let answer = match body {
        Ok(bytes) => piece(api, words, &Cut { bytes, first }).await,
        Err(_) => Err(Stopped::File(FileProblem::Large)),
    };
    match answer {
        Ok((model, piece)) => Json(Part::of(&model, piece)).into_response(),
        Err(stopped) => {
            let Ok(text) = stopped::for_now(words, &stopped).render() else {
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            };
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
        }
    }
}

/// Predicts a piece with the model as it was last seen.
pub async fn piece(api: &Api, words: &'static Words, cut: &Cut) -> Result<(Arc<Description>, Piece), Stopped> {
    let seen = api.seen();
    let Some(model) = &seen.model else { return Err(Stopped::Trouble(Trouble::Unreachable)) };
    Ok((model.clone(), batch::predict(api, model, words, cut).await?))
}

impl Batch<'_> {
    /// The columns that a file needs, with what they usually hold.
    fn columns(&self) -> impl Iterator<Item = (&str, String)> {
        let words = self.frame.words;
        self.described.features.iter().map(|feature| {
            let unit = feature.unit.as_ref().map_or(String::new(), |unit| format!(" {unit}"));
            let range = feature.range.map(|[low, high]| {
                format!("{} {} {} {}{unit}", words.usually, words.number(low, 6), words.to, words.number(high, 6))
            });
            (feature.name.as_str(), range.unwrap_or_else(|| feature.values.join(", ")))
        })
    }

    /// What the histogram is about.
    fn about(&self) -> String {
        let positive = self.described.classes.iter().find(|class| class.positive);
        let words = self.frame.words;
        let of = |label| format!("{}{}: “{label}”", words.probability, words.gap);
        positive.map_or(words.batch_likeliest.to_owned(), |class| of(&class.label))
    }

    /// What the columns of a table are called that hold what the model says.
    fn said(&self) -> Vec<&'static str> {
        let words = self.frame.words;
        let mut names = vec![words.result, words.probability];
        names.extend(batch::has_levels(self.described).then_some(words.risk));
        names
    }

    /// What is counted, in the order of `Part`.
    fn counted(&self) -> Vec<&str> {
        let words = self.frame.words;
        let classes = self.described.classes.iter().map(|class| class.label.as_str());
        [words.batch_rows, words.batch_wrong].into_iter().chain(classes).collect()
    }

    /// The tables of rows: identifier, title, explanation.
    fn tables(&self) -> [(&'static str, &'static str, &'static str); 2] {
        let words = self.frame.words;
        [("wrong", words.batch_wrong, words.batch_wrong_how), ("shown", words.batch_first, words.batch_line_how)]
    }

    /// The range of each bar.
    fn bars(&self) -> impl Iterator<Item = (usize, String)> {
        let words = self.frame.words;
        let width = 100 / BINS;
        (0..BINS).map(move |bar| (bar * 32, format!("{}\u{2013}{}{}%", bar * width, (bar + 1) * width, words.gap)))
    }
}
