//! The README is true: its picture, its example, its commands.

use std::{collections::BTreeSet, fs};

use stack::commands::show;
use tests::{
    manifests::{items, objects, text},
    repository,
    texts::Texts,
};

use crate::commands::mlstack;

fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).expect("the README is there")
}

/// `ui -- "8000" --> diabetes-api["…"]` becomes `ui → diabetes-api:8000`.
fn drawn() -> BTreeSet<String> {
    let readme = readme();
    let picture = readme.split("```mermaid").nth(1).and_then(|rest| rest.split("```").next()).expect("a picture");
    let name = |end: &str| end.trim().split(['[', '(']).next().unwrap_or_default().to_owned();
    let arrows = picture.lines().filter_map(|line| {
        let (client, rest) = line.split_once(" -- \"")?;
        let (port, server) = rest.split_once("\" --> ")?;
        Some(format!("{} → {}:{port}", name(client), name(server)))
    });
    arrows.collect()
}

#[test]
fn the_arrows_of_the_picture_are_the_edges_of_out_local() {
    const NAME: &str = "app.kubernetes.io/name";
    let folder = fs::read_dir(repository().join("out/local")).expect("out/local is there").flatten();
    let texts: Vec<String> = folder.map(|entry| fs::read_to_string(entry.path()).expect("a file")).collect();
    let mut edges = BTreeSet::new();
    for policy in objects(&texts).iter().filter(|object| text(object, &["kind"]) == "NetworkPolicy") {
        let own = text(policy, &["spec", "podSelector", "matchLabels", NAME]);
        for rule in items(policy, &["spec", "ingress"]) {
            let peers = items(rule, &["from"]).map(|peer| text(peer, &["podSelector", "matchLabels", NAME]));
            let port = items(rule, &["ports"]).find_map(|port| port.get("port")?.as_u64()).unwrap_or_default();
            edges.extend(peers.filter(|peer| !peer.is_empty()).map(|peer| format!("{peer} → {own}:{port}")));
        }
    }
    assert_eq!(drawn(), edges);
}

#[test]
fn the_mistakes_that_the_readme_shows_are_told_so() {
    let local = fs::read_to_string(repository().join("environments/local.yaml")).expect("local is there");
    let wrong =
        local.replace("replicas: {min: 2, max: 10, cpu: 50}", "replica: 2").replace("storage: 5Gi", "storage: 5 GB");
    let told = Texts::with(wrong)
        .compile()
        .expect_err("two mistakes")
        .replace("environments/test.yaml", "environments/local.yaml");
    assert!(readme().contains(told.trim()), "the README shows other words than\n{told}");
}

#[test]
fn the_table_that_the_readme_shows_is_printed_so() {
    let local = fs::read(repository().join("environments/local.yaml")).expect("local is there");
    let artifacts = Texts::with(local).compile().expect("local is right");
    let shown = show::text(&artifacts.compiled.inventory);
    let table = shown.split("\n\n").next().unwrap_or_default();
    assert!(readme().contains(table), "the README shows another table than\n{table}");
}

#[test]
fn the_comparison_that_the_readme_shows_is_printed_so() {
    let compared = mlstack(&repository(), &["show", "--compare", "staging", "production"]);
    let compared = String::from_utf8(compared.stdout).expect("UTF-8");
    let readme = readme();
    let shown = readme.split("show --compare staging production\n").nth(1).and_then(|rest| rest.split("```").next());
    let mut rest = compared.as_str();
    for line in shown.expect("a comparison").lines().filter(|line| *line != "…") {
        let at = rest.find(&format!("{line}\n")).unwrap_or_else(|| panic!("{line:?} is not printed in\n{compared}"));
        rest = &rest[at..];
    }
}

#[test]
fn by_hand_every_namespace_comes_before_its_secrets() {
    let readme = readme();
    let by_hand = readme.split("secrets local | kubectl apply -f -").next().unwrap_or_default();
    let files = fs::read_dir(repository().join("out/local")).expect("out/local is there").flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    for name in names.filter(|name| name.starts_with("000-")) {
        assert!(by_hand.contains(&format!("-f out/local/{name}")), "the README applies secrets before {name}");
    }
}

#[test]
fn files_that_pages_name_are_there() {
    for page in ["README.md", "ARCHITECTURE.md", "DESIGN.md", "tests/tools/README.md"] {
        let text = fs::read_to_string(repository().join(page)).expect("the page is there");
        // Words in backticks that look like paths of this repository.
        for word in text.split('`').skip(1).step_by(2) {
            let known = [
                "components/",
                "builders/",
                "stack/",
                "tests/",
                "environments/",
                "models/",
                "documents/",
                "model-file/",
                "xtask/",
                "out/local",
            ];
            let is_path = known.iter().any(|folder| word.starts_with(folder))
                && !word.contains(['<', '*', ' ', '→'])
                && !word.contains("ENV")
                && !word.contains(".secrets")
                && !word.ends_with("cache.rs");
            assert!(!is_path || repository().join(word).exists(), "{page} names {word}, which is not there");
        }
    }
}

#[test]
fn recipes_that_the_readme_names_are_in_the_justfile() {
    let justfile = fs::read_to_string(repository().join("justfile")).expect("the justfile is there");
    let recipes: BTreeSet<&str> = justfile
        .lines()
        .filter(|line| !line.starts_with([' ', '#', '[']) && line.contains(':'))
        .filter_map(|line| line.split([' ', ':']).next())
        .collect();
    for named in readme()
        .split("just ")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_lowercase() && c != '-').next())
    {
        // "With just, `just` lists": words of a sentence, not recipes.
        let sentence = ["", "and", "lists", "on"].contains(&named);
        assert!(sentence || recipes.contains(named), "the README names `just {named}`");
    }
}
