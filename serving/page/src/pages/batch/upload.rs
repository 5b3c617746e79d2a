//! `POST /{language}/models/{model}/batch`: a file from a browser without scripts; the answer is a file.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{
        Multipart,
        multipart::{Field, MultipartError},
    },
    http::StatusCode,
    response::Response,
};
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::{super::visit::Visit, PATIENCE, PLACES, attachment, out::Out, piece, stopped};
use crate::{
    apis::Trouble,
    batch::{Cut, Cutter, FileProblem, Piece, Stopped},
    forms::TOKEN,
};

/// Bytes of a form, at most.
pub const LARGEST: usize = 16 << 20;
/// Bytes of a token: a digest in hexadecimal digits.
const LONGEST_TOKEN: usize = 64;
/// Files at a time.
static FILES: Semaphore = Semaphore::const_new(2);
/// How long the largest file may take.
const LONGEST: Duration = PATIENCE.saturating_mul(16);
/// How often a piece is tried.
const TRIES: u32 = 4;

/// `POST`: the whole file.
pub async fn upload(visit: Visit, form: Multipart) -> Response {
    match timeout(LONGEST, answer(&visit, form)).await.unwrap_or(Err(Stopped::Slow)) {
        Ok(Some(file)) => attachment(&visit, "predictions", file),
        Ok(None) => visit.not_ours(),
        Err(stopped) => {
            let (status, card) = stopped::card(visit.words, &stopped);
            super::page(&visit, status, Some(card))
        }
    }
}

/// Nothing, where the form is not ours.
async fn answer(visit: &Visit, mut form: Multipart) -> Result<Option<Body>, Stopped> {
    let place = FILES.try_acquire().map_err(|_| Stopped::Trouble(Trouble::Busy(10)))?;
    // The token is first, so nothing else is read of what came from elsewhere.
    let token = match form.next_field().await.map_err(cut_off)? {
        Some(field) if field.name() == Some(TOKEN) => token(field).await.map_err(cut_off)?,
        _ => return Ok(None),
    };
    if !visit.is_ours(str::from_utf8(&token).ok()) {
        return Ok(None);
    }
    let mut file = form.next_field().await.map_err(cut_off)?.ok_or(Stopped::File(FileProblem::Empty))?;
    let (mut cutter, mut out) = (Cutter::default(), Out::new()?);
    while let Some(bytes) = file.chunk().await.map_err(cut_off)? {
        cutter.push(&bytes);
        while let Some(cut) = cutter.cut() {
            out.write(predicted(visit, &cut).await?).await?;
        }
        if cutter.is_too_long() {
            return Err(Stopped::File(FileProblem::Large));
        }
    }
    if let Some(cut) = cutter.rest() {
        out.write(predicted(visit, &cut).await?).await?;
    }
    Ok(Some(out.body(place).await?))
}

/// The token, of which no more is read once it cannot be one.
async fn token(mut field: Field<'_>) -> Result<Vec<u8>, MultipartError> {
    let mut token = vec![];
    while token.len() <= LONGEST_TOKEN
        && let Some(bytes) = field.chunk().await?
    {
        token.extend_from_slice(&bytes);
    }
    Ok(token)
}

/// Somebody waits without knowing why: a short trouble is sat out.
async fn predicted(visit: &Visit, cut: &Cut) -> Result<Piece, Stopped> {
    for pause in 1..TRIES {
        match placed(visit, cut).await {
            Err(Stopped::Trouble(Trouble::Busy(_) | Trouble::Unreachable)) => {
                sleep(Duration::from_secs(pause.into())).await;
            }
            answer => return answer,
        }
    }
    placed(visit, cut).await
}

async fn placed(visit: &Visit, cut: &Cut) -> Result<Piece, Stopped> {
    // Nobody closes it.
    let _place = PLACES.acquire().await;
    Ok(piece(visit, cut).await?.1)
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn cut_off(error: MultipartError) -> Stopped {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Stopped::File(FileProblem::Large),
        _ => Stopped::File(FileProblem::Empty),
    }
}
