//! `/{language}/models/{model}/batch`: many rows at once, from a CSV file.
//!
//! A script sends the file in pieces and puts the answers together in the browser, so no pod keeps anything. Without scripts
//! the file comes as a form, and its answer is a file.

mod example;
mod form;
mod out;
mod part;
mod stopped;
mod upload;

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
pub use example::example;
use model_file::Description;
use tokio::{sync::Semaphore, time::timeout};
pub use upload::{LARGEST, upload};

use self::{form::Batch, part::Part};
use super::{html, part as fragment, trouble::Card, visit::Visit};
use crate::{
    apis::Trouble,
    assets,
    batch::{self, Cut, FileProblem, Piece, Stopped},
};

/// `GET`: the form.
pub async fn show(visit: Visit) -> Response {
    page(&visit, StatusCode::OK, None)
}

/// The form, under what stopped the last file.
fn page(visit: &Visit, status: StatusCode, card: Option<Card>) -> Response {
    let seen = visit.api.seen();
    let (frame, session) = visit.frame("/batch");
    let mut frame = frame.titled(visit.words.batch);
    let Some(described) = seen.model(visit.words) else { return visit.waiting(&seen, frame, session) };
    frame.scripts.push(&*assets::BATCH);
    html(status, &Batch::of(frame, visit.model(), described, card), session)
}

/// A file to keep, named after the model and what is in it.
fn attachment(visit: &Visit, what: &str, csv: Body) -> Response {
    let name = format!("attachment; filename=\"{}-{what}.csv\"", visit.model());
    let kind = "text/csv; charset=utf-8".to_owned();
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], csv).into_response()
}

/// `POST /rows`: a piece of a file. Its type says whether there is an answer: what stops a file is a card.
///
/// Who waits for a place has sent no more than fits into the buffers of a connection.
pub async fn rows(visit: Visit, request: Request) -> Response {
    if !visit.is_ours(visit.header("x-form-token")) {
        return visit.not_ours();
    }
    let first =
        visit.header("x-first-line").and_then(|first| first.parse::<u32>().ok()).map_or(2, |first| first as usize);
    // Nobody closes it.
    let _place = PLACES.acquire().await;
    let answer = match timeout(PATIENCE, Bytes::from_request(request, &())).await {
        Ok(Ok(bytes)) => piece(&visit, &Cut { bytes, first }).await,
        Ok(Err(_)) => Err(Stopped::File(FileProblem::Large)),
        Err(_) => Err(Stopped::Slow),
    };
    match answer {
        Ok((model, piece)) => Json(Part::of(&model, piece)).into_response(),
        Err(stopped) => fragment(StatusCode::OK, &stopped::for_now(visit.words, &stopped)),
    }
}

/// Pieces at a time, of everybody: each has megabytes while it is under way, and the page's pods are small.
/// All models have them together: an API that hangs keeps one no longer than the page waits for its answer.
static PLACES: Semaphore = Semaphore::const_new(4);
/// How long a piece, or a megabyte of a form, may take to come: who sends it drop by drop would keep a place for ever.
const PATIENCE: Duration = Duration::from_secs(20);

/// Predicts a piece with the model as it was last seen. It needs a place.
async fn piece(visit: &Visit, cut: &Cut) -> Result<(Arc<Description>, Piece), Stopped> {
    let seen = visit.api.seen();
    let Some(model) = seen.model(visit.words) else { return Err(Stopped::Trouble(Trouble::Unreachable)) };
    Ok((model.clone(), batch::predict(&visit.api, model, visit.words, cut).await?))
}
