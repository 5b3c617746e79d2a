//! The log, read back: the rows of a model's version in a span of time, one after another.
//!
//! A log may be larger than the memory, so nobody holds it: each row is handed on and forgotten. What is not asked for is counted:
//! rows of other versions must not be mixed with these, and a log that seems empty may only be that of another version.

mod folder;
mod table;

use std::{collections::BTreeMap, io, path::PathBuf};

use jiff::Timestamp;
use secrecy::SecretString;

use crate::postgres::{Address, Trouble};

/// Versions that are told apart; of a log that names more, the rest is counted together.
const VERSIONS: usize = 100;

/// Where a log is.
pub enum Source {
    /// The table `prediction`; the fields are those of [`crate::Destination::Postgres`].
    Postgres {
        /// As libpq has it.
        url: String,
        /// `PGUSER`.
        user: Option<String>,
        /// `PGPASSWORD`.
        password: Option<SecretString>,
    },
    /// All files `*.jsonl` of a folder.
    JsonLines(PathBuf),
}

/// Which rows.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The model's registered name.
    pub model: String,
    /// Its version.
    pub version: String,
    /// The first moment.
    pub since: Timestamp,
    /// The first moment that does not belong to it any more.
    pub until: Timestamp,
}

/// What else there was in the span of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Others {
    /// Rows of other versions of the model, by version.
    pub versions: BTreeMap<String, u64>,
    /// Rows of other models.
    pub models: u64,
    /// Lines that are no rows; a machine that lost its power leaves one.
    pub unreadable: u64,
    /// File and line of the first of them.
    pub first_unreadable: Option<(PathBuf, u64)>,
}

/// A log that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// The URL of the database.
    #[error(transparent)]
    Address(#[from] crate::Error),
    /// The database.
    #[error("the prediction log in PostgreSQL cannot be read: {0}")]
    Database(String),
    /// The file system.
    #[error("cannot read {}: {source}\n\nhint: name the folder of the prediction log, and let this program read it", .path.display())]
    Io {
        /// What.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Unread {
    /// Whether it may be mended by waiting.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Database(_))
    }
}

impl From<Trouble> for Unread {
    fn from(trouble: Trouble) -> Self {
        Self::Database(trouble.to_string())
    }
}

impl Others {
    fn version(&mut self, version: &str, rows: u64) {
        let known = self.versions.len() < VERSIONS || self.versions.contains_key(version);
        *self.versions.entry(if known { version } else { "others" }.to_owned()).or_default() += rows;
    }
}

/// Hands the inputs of each wanted row to `row`, as JSON, in no particular order; a row whose inputs it cannot read (`false`) is
/// counted as unreadable.
///
/// # Errors
/// When the log cannot be read. A table that nobody has made yet, and a folder without files, have no rows.
pub async fn read(source: Source, wanted: &Wanted, mut row: impl FnMut(&str) -> bool) -> Result<Others, Unread> {
    match source {
        Source::Postgres { url, user, password } => {
            table::read(Address::parse(&url, user, password.as_ref())?, wanted, &mut row).await
        }
        Source::JsonLines(folder) => folder::read(&folder, wanted, &mut row),
    }
}
