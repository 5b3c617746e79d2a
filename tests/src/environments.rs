//! Every environment there is, found by listing: the repository's own and those of the tests.

use std::fs;

use documents::{Style, render};
use stack::{Artifacts, Project, compile};

use crate::{repository, texts::Texts};

/// The repository's environments by name, compiled from its files.
///
/// # Panics
/// When one of them does not compile.
pub fn of_repository() -> Vec<(String, Artifacts)> {
    let project = Project::at(repository());
    let names = project.environments().expect("the repository has environments");
    let compiled = names.into_iter().map(|name| {
        let artifacts = compile(&name, &project);
        let artifacts = artifacts.unwrap_or_else(|mistakes| panic!("{name}:\n{}", render(&mistakes, Style::Plain)));
        (name, artifacts)
    });
    compiled.collect()
}

/// The environments of `tests/environments/` by name: what no environment of the repository happens to say.
///
/// # Panics
/// When one of them does not compile.
pub fn of_tests() -> Vec<(String, Artifacts)> {
    let folder = repository().join("tests/environments");
    let files = fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect();
    files.sort();
    let compiled = files.into_iter().map(|path| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let compiled = Texts::with(fs::read(&path).expect("a file")).compile();
        (name.clone(), compiled.unwrap_or_else(|told| panic!("{name}:\n{told}")))
    });
    compiled.collect()
}

/// All of them.
///
/// # Panics
/// When one of them does not compile.
pub fn all() -> Vec<(String, Artifacts)> {
    of_repository().into_iter().chain(of_tests()).collect()
}
