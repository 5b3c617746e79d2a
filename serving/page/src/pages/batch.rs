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
use tokio::sync::Semaphore;

use super::{Frame, batch_form::Form, html, part::Part, predict::Waiting, stopped, trouble};
use crate::{
    Api, Shared,
    apis::Trouble,
    assets,
    batch::{self, Cut, FileProblem, Piece, Stopped},
    session::{Session, is_ours},
    shown::title,
    words::Words,
};

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
    html(status, &Form::of(frame, model, described, card), session)
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

/// Pieces at a time, of everybody: each has megabytes while it is under way, and the page's pods are small.
static PLACES: Semaphore = Semaphore::const_new(4);

/// Predicts a piece with the model as it was last seen, once there is room for it.
pub async fn piece(api: &Api, words: &'static Words, cut: &Cut) -> Result<(Arc<Description>, Piece), Stopped> {
    let seen = api.seen();
    let Some(model) = &seen.model else { return Err(Stopped::Trouble(Trouble::Unreachable)) };
    // Nobody closes it.
    let _place = PLACES.acquire().await;
    Ok((model.clone(), batch::predict(api, model, words, cut).await?))
}
