//! What was predicted, kept for drift: in PostgreSQL, or as JSON lines; and read back.
//!
//! Predictions must not wait for the log, nor fail with it, nor fill the memory. So a row is a line of JSON
//! from the moment it is recorded; lines wait in a bounded queue, and one thread of the log's own writes them
//! in batches. That thread may block on a disk: no request runs on it. While PostgreSQL is away, lines move on
//! to a bounded spool on disk and arrive in order when it is back, each once: a row carries its id from the
//! start, and an id that is there already is passed over. What does not fit is dropped and counted.
//!
//! A line, and a row of the table `prediction`, has `id` (UUID, version 7), `at` (RFC 3339, UTC), `model`,
//! `version`, `inputs` and `outputs`.
//!
//! Architecture invariant: nothing here reads an environment variable, and nothing says a credential.

mod append;
mod counts;
mod error;
mod json_lines;
mod log;
mod postgres;
mod queue;
mod read;
mod spool;
mod told;
mod writer;

use std::{path::PathBuf, sync::Arc, time::Duration};

use secrecy::SecretString;

pub use counts::{Counts, Dropped};
pub use error::Error;
pub use log::{Origin, PredictionLog};
pub use read::{Others, Source, Unread, Wanted, read};
pub use writer::Writer;

use json_lines::JsonLines;
use postgres::{Address, Postgres};
use queue::Queue;
use spool::Spool;

/// Where the log is kept.
pub enum Destination {
    /// The table `prediction`, which is made if it is missing.
    Postgres {
        /// As libpq has it, `postgresql://host:5432/database`. Of its parameters, `sslmode` is read more strictly:
        /// `require`, `verify-ca` and `verify-full` all mean TLS with a verified certificate and name, the others
        /// (and none) mean plain TCP. `sslrootcert` names a file of authorities in place of the system's.
        url: String,
        /// `PGUSER`; a user in the URL goes before it.
        user: Option<String>,
        /// `PGPASSWORD`; a password in the URL goes before it.
        password: Option<SecretString>,
        /// The folder where rows wait while the server is away; one process at a time.
        spool: PathBuf,
        /// Bytes that the spool may hold; more is dropped.
        spool_limit: u64,
    },
    /// The file `<stem>.jsonl`, and `<stem>.1.jsonl` for the generation before it.
    JsonLines {
        /// A folder that exists, or can be made.
        folder: PathBuf,
        /// What sets this process apart from others that share the folder: the name of the pod.
        stem: String,
        /// Bytes after which a file becomes the generation before.
        rotate_at: u64,
    },
}

/// Bounds of memory and delay.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Bytes of rows that may wait in memory; more is dropped.
    pub queue_bytes: usize,
    /// Bytes of rows that are written at once.
    pub batch_bytes: usize,
    /// How long a row may wait for others to be written with.
    pub linger: Duration,
}

impl Default for Settings {
    /// 4 MiB of memory, batches of 256 KiB (some 600 rows of eight features), half a second.
    fn default() -> Self {
        Self { queue_bytes: 4 << 20, batch_bytes: 256 << 10, linger: Duration::from_millis(500) }
    }
}

/// Starts the thread that writes. A server that is away is no error: it may come.
pub fn start(destination: Destination, settings: &Settings) -> Result<(PredictionLog, Writer), Error> {
    let queue = Arc::new(Queue::new(settings));
    let counts = Arc::default();
    let writer = match destination {
        Destination::Postgres { url, user, password, spool, spool_limit } => {
            let address = Address::parse(&url, user, password.as_ref())?;
            let spool = Spool::open(spool, spool_limit, settings.batch_bytes as u64)?;
            let postgres = Postgres::new(address, spool, Arc::clone(&queue), Arc::clone(&counts));
            Writer::start(Arc::clone(&queue), move |closing| postgres.run(closing))?
        }
        Destination::JsonLines { folder, stem, rotate_at } => {
            let lines = JsonLines::open(&folder, &stem, rotate_at)?;
            let (taken, counted) = (Arc::clone(&queue), Arc::clone(&counts));
            Writer::start(Arc::clone(&queue), move |_| lines.run(taken, counted))?
        }
    };
    Ok((PredictionLog::new(queue, counts), writer))
}
