//! Where the tools are, and what they are shown.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;
use tests::{repository, texts::Texts};

/// A program of `target/tools`, or of the PATH.
pub fn tool(name: &str) -> PathBuf {
    let tools = repository().join("target/tools");
    let ours = [tools.join("bin").join(name), tools.join("python/bin").join(name)];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let postgres =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let folders = std::env::split_paths(&path).chain(postgres).map(|folder| folder.join(name));
    let found = ours.into_iter().chain(folders).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{name} is missing: run `cargo xtask tools`"))
}

/// Runs a tool; a tool that does not even start fails the test.
pub fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// What a tool printed.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The manifests of the repository's environments and of those in `tests/environments/`, a folder each.
pub fn manifests() -> Vec<(String, TempDir)> {
    ["environments/local.yaml", "tests/environments/minimal.yaml", "tests/environments/full.yaml"].map(compiled).into()
}

fn compiled(path: &str) -> (String, TempDir) {
    let text = fs::read(repository().join(path)).expect("the environment is there");
    let artifacts = Texts::with(text).compile().expect("the environment is right");
    (path.to_owned(), folder(artifacts.compiled.files.iter()))
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
