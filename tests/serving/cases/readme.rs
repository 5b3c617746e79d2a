//! The README's minute: what it shows is what is printed.

use std::fs;

use servers::repository;

use crate::program::{Api, done, model_file, post, serving};

/// The lines of the README's section about a model in one minute.
fn section() -> Vec<String> {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let section = readme.split("## A model in one minute").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    section.lines().map(str::to_owned).collect()
}

#[test]
fn what_the_readme_shows_is_printed() {
    let (folder, iris, lines) = (tempfile::tempdir().unwrap(), model_file("iris"), section());
    let registry = folder.path().join("registry").to_string_lossy().into_owned();
    let (out, err) = done(&mut serving(&["train", "--model-file", &iris, "--registry", &registry, "--folds", "5"]));
    let printed = format!("{out}{err}").replace(&registry, "./registry").replace(&iris, "models/iris.yaml");
    let printed = printed.replace(&repository().join("models").to_string_lossy().into_owned(), "models");
    let start = lines.iter().position(|line| line.starts_with("$ cargo run -q -p serving -- train")).unwrap();
    let shown: Vec<_> = lines[start + 1..].iter().take_while(|line| *line != "```").collect();
    assert!(shown.len() > 5);
    for line in shown.into_iter().filter(|line| *line != "…") {
        assert!(printed.lines().any(|printed| printed == line), "{line}\n{printed}");
    }

    let api = Api::start(&iris, &registry, &[], &[]).ready();
    let mut asked = 0;
    for pair in lines.windows(2).filter(|pair| pair[0].starts_with("$ curl -s http://127.0.0.1:8000/predict")) {
        let body = pair[0].split("-d '").nth(1).unwrap().trim_end_matches('\'');
        assert_eq!(post(&api.url("/predict"), body, &[]).1, pair[1]);
        asked += 1;
    }
    assert_eq!(asked, 2);
}
