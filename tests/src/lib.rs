//! Verbs for the tests: projects of text, references that must resolve, strings that are hard to write.

pub mod edges;
pub mod environments;
pub mod largest;
pub mod manifests;
pub mod nasty;
pub mod references;
pub mod restricted;
pub mod texts;

use std::path::{Path, PathBuf};

/// The folder of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}
