//! Verbs for the tests: projects of text, references that must resolve, strings that are hard to write.

pub mod edges;
pub mod environments;
pub mod largest;
pub mod manifests;
pub mod monitoring;
pub mod nasty;
pub mod references;
pub mod restricted;
pub mod rights;
pub mod texts;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folder of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// Copies the files of a folder, deeply, without those that begin with a dot.
///
/// # Panics
/// When one cannot be read or written.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.path() {
            path if entry.file_name().to_string_lossy().starts_with('.') => drop(path),
            path if path.is_dir() => copy(&path, &target),
            path => drop(fs::copy(path, target).expect("a file")),
        }
    }
}
