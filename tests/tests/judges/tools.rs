//! Where the tools are, and what they are shown.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

pub use servers::{run, tool};
use tempfile::TempDir;
use tests::environments;

/// What a tool printed.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The manifests of every environment, of the repository and of the tests, a folder each.
pub fn manifests() -> Vec<(String, TempDir)> {
    environments::all().into_iter().map(|(name, artifacts)| (name, folder(&artifacts.compiled.files))).collect()
}

/// A folder with these files.
pub fn folder<'f>(files: impl IntoIterator<Item = (&'f String, &'f String)>) -> TempDir {
    // checkov passes over folders that begin with a dot, as temporary ones do.
    let folder = tempfile::Builder::new().prefix("manifests").tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

/// The files of a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}
