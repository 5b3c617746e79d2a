//! Where programs are that `cargo xtask tools` brought.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The folder of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_owned).unwrap_or_default()
}

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
