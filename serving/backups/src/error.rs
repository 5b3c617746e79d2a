//! What can go wrong with backups.

use std::{io, path::Path};

/// Why a backup was not kept, listed or fetched. No text holds a credential.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The place is none.
    #[error(
        "backups are in a folder or an object store, and this is neither\n\nhint: write /folder, file:///folder, s3://bucket/prefix or gs://bucket/prefix"
    )]
    Place,
    /// The store does not answer as it should.
    #[error(transparent)]
    Store(Box<registry::Error>),
    /// A file of this machine.
    #[error("cannot {call} {path}: {said}\n\nhint: check its owner and mode, and the room beside it")]
    File {
        /// What was to be done.
        call: &'static str,
        /// The file.
        path: String,
        /// What the system said.
        said: io::Error,
    },
    /// A folder of dumps without its sums.
    #[error(
        "{folder} holds no whole set of dumps: {problem}\n\nhint: dump again; the sums are written when every dump is done"
    )]
    Dumps {
        /// The folder.
        folder: String,
        /// What is missing or wrong.
        problem: String,
    },
    /// What was written is not what is read.
    #[error("{name} in {store} is not what was written: {problem}\n\nhint: {hint}")]
    Damaged {
        /// The dump.
        name: String,
        /// Where it is.
        store: String,
        /// What differs.
        problem: String,
        /// What to do.
        hint: &'static str,
    },
    /// No backup of this name.
    #[error("{store} has no backup {name}\n\nhint: {hint}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// Where it is not.
        store: String,
        /// What there is.
        hint: String,
    },
}

impl From<registry::Error> for Error {
    fn from(error: registry::Error) -> Self {
        Self::Store(Box::new(error))
    }
}

impl Error {
    /// Whether the same call may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }

    pub(crate) fn file(call: &'static str, path: &Path, said: io::Error) -> Self {
        Self::File { call, path: path.display().to_string(), said }
    }
}
