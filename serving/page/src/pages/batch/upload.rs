//! `POST /{language}/models/{model}/batch`: a file from a browser without scripts; the answer is a file.
//!
//! It is kept on the disk until it has been fetched, without a name, so that nobody else gets at it and nothing is left over.
//! The disk is small and of this pod alone: it is for few at a time.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{
        Multipart,
        multipart::{Field, MultipartError},
    },
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::stream::try_unfold;
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
    sync::{Semaphore, SemaphorePermit},
    time::{sleep, timeout},
};

use super::{super::visit::Visit, PATIENCE, PLACES, piece, stopped};
use crate::{
    apis::Trouble,
    batch::{Cut, Cutter, FileProblem, Piece, Stopped},
    forms::TOKEN,
};

/// Bytes of a form, at most.
pub const LARGEST: usize = 16 << 20;
/// Bytes of an answer, at most; all of them fit on the disk that the page has for them.
const ANSWER: usize = 28 << 20;
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
        Ok(Some(file)) => {
            let name = format!("attachment; filename=\"{}-predictions.csv\"", visit.model());
            let kind = "text/csv; charset=utf-8".to_owned();
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], file).into_response()
        }
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
            out.write(&predicted(visit, &cut).await?).await?;
        }
        if cutter.is_too_long() {
            return Err(Stopped::File(FileProblem::Large));
        }
    }
    if let Some(cut) = cutter.rest() {
        out.write(&predicted(visit, &cut).await?).await?;
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

/// The answer on the disk.
struct Out {
    file: File,
    bytes: usize,
}

impl Out {
    fn new() -> Result<Self, Stopped> {
        Ok(Self { file: File::from_std(tempfile::tempfile().map_err(no_disk)?), bytes: 0 })
    }

    async fn write(&mut self, piece: &Piece) -> Result<(), Stopped> {
        if self.bytes == 0 {
            self.file.write_all(piece.header.as_bytes()).await.map_err(no_disk)?;
        }
        self.bytes += piece.csv.len();
        if self.bytes > ANSWER {
            return Err(Stopped::File(FileProblem::Large));
        }
        self.file.write_all(piece.csv.as_bytes()).await.map_err(no_disk)
    }

    async fn body(mut self, place: SemaphorePermit<'static>) -> Result<Body, Stopped> {
        self.file.flush().await.map_err(no_disk)?;
        self.file.rewind().await.map_err(no_disk)?;
        let next = |(mut file, place): (File, SemaphorePermit<'static>)| async move {
            let mut bytes = vec![0; 64 << 10];
            let read = file.read(&mut bytes).await?;
            bytes.truncate(read);
            Ok::<_, std::io::Error>((read > 0).then(|| (Bytes::from(bytes), (file, place))))
        };
        Ok(Body::from_stream(try_unfold((self.file, place), next)))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn cut_off(error: MultipartError) -> Stopped {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Stopped::File(FileProblem::Large),
        _ => Stopped::File(FileProblem::Empty),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn no_disk(error: std::io::Error) -> Stopped {
    tracing::warn!(%error, "no file for the answer to a batch");
    Stopped::Trouble(Trouble::Busy(10))
}
