//! What keeps a log from starting. Everything later is counted and told, never an error.

use std::{io, path::PathBuf};

/// The log cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URL; it may hold a password, so it is not shown.
    #[error("the database's URL {0}\n\nhint: write it as postgresql://host:5432/database")]
    Url(&'static str),
    /// An `sslmode` that libpq does not have either.
    #[error(
        "the database's URL has an unknown sslmode\n\nhint: write sslmode=verify-full for TLS, sslmode=disable without"
    )]
    SslMode,
    /// Certificates of authorities.
    #[error(
        "there is no certificate of an authority in {place}\n\nhint: name a file in PEM with sslrootcert in the database's URL"
    )]
    Authorities {
        /// A file, or the system.
        place: String,
    },
    /// Another process writes there.
    #[error("{} is in use by another process\n\nhint: give every process a place of its own for its prediction log", .0.display())]
    InUse(PathBuf),
    /// A name that would lead elsewhere.
    #[error("`{0}` is no name for a file\n\nhint: name the prediction log's file with the name of the pod")]
    Stem(String),
    /// The file system said no.
    #[error("cannot {action} {}: {source}\n\nhint: the prediction log needs a folder that it may write to", .path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system gives no thread.
    #[error("cannot start the prediction log's thread: {0}\n\nhint: raise the limit on processes of this user or pod")]
    Thread(io::Error),
}

impl Error {
    /// For `map_err`: what was tried, and on what.
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
