//! The answer to a form: a file that grows piece by piece.
//!
//! It is kept on the disk until it has been fetched, without a name, so that nobody else gets at it and nothing is left over.
//! The disk is small and of this pod alone: it is for few at a time.

use axum::body::{Body, Bytes};
use futures::stream::{StreamExt, iter, try_unfold};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
    sync::SemaphorePermit,
};

use crate::{
    apis::Trouble,
    batch::{FileProblem, Piece, Stopped},
};

/// Bytes of an answer, at most; all of them fit on the disk that the page has for them.
const ANSWER: usize = 28 << 20;

/// The answer on the disk.
pub struct Out {
    file: File,
    bytes: usize,
    /// What is before the first row, which is known after the last.
    begin: (&'static str, String),
}

impl Out {
    /// Nothing yet.
    pub fn new() -> Result<Self, Stopped> {
        let file = File::from_std(tempfile::tempfile().map_err(no_disk)?);
        Ok(Self { file, bytes: 0, begin: ("", String::new()) })
    }

    /// Adds the rows of a piece.
    pub async fn write(&mut self, piece: Piece) -> Result<(), Stopped> {
        let mark = if piece.mark.is_empty() { self.begin.0 } else { piece.mark };
        self.begin = (mark, piece.header);
        self.bytes += piece.csv.len();
        if self.bytes > ANSWER {
            return Err(Stopped::File(FileProblem::Large));
        }
        self.file.write_all(piece.csv.as_bytes()).await.map_err(no_disk)
    }

    /// All of it, which has its place until it is fetched.
    pub async fn body(mut self, place: SemaphorePermit<'static>) -> Result<Body, Stopped> {
        self.file.flush().await.map_err(no_disk)?;
        self.file.rewind().await.map_err(no_disk)?;
        let begin = Ok(Bytes::from([self.begin.0, &self.begin.1].concat()));
        let next = |(mut file, place): (File, SemaphorePermit<'static>)| async move {
            let mut bytes = vec![0; 64 << 10];
            let read = file.read(&mut bytes).await?;
            bytes.truncate(read);
            Ok::<_, std::io::Error>((read > 0).then(|| (Bytes::from(bytes), (file, place))))
        };
        Ok(Body::from_stream(iter([begin]).chain(try_unfold((self.file, place), next))))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn no_disk(error: std::io::Error) -> Stopped {
    tracing::warn!(%error, "no file for the answer to a batch");
    Stopped::Trouble(Trouble::Busy(10))
}
