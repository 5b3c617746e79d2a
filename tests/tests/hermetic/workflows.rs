//! The workflows in `.github/workflows/` and the justfile name what is there: no runner is asked for it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde_yaml::Value;
use tests::{
    manifests::{at, items, text},
    repository,
};

use crate::commands::mlstack;

fn file(path: &str) -> String {
    fs::read_to_string(repository().join(path)).expect(path)
}

/// The workflows, by name.
fn workflows() -> BTreeMap<String, Value> {
    let folder = fs::read_dir(repository().join(".github/workflows")).expect("workflows").flatten();
    let files = folder.map(|entry| entry.file_name().into_string().expect("text"));
    let read = |name: String| {
        let workflow = serde_yaml::from_str(&file(&format!(".github/workflows/{name}"))).expect("a workflow is YAML");
        (name, workflow)
    };
    files.map(read).collect()
}

fn jobs(workflow: &Value) -> impl Iterator<Item = &Value> {
    at(workflow, &["jobs"]).as_mapping().expect("jobs").values()
}

/// The words behind `program` wherever a line of a workflow's scripts or of the justfile begins a command with it.
fn behind(program: &str) -> BTreeSet<Vec<String>> {
    let scripts: Vec<String> = workflows()
        .values()
        .flat_map(jobs)
        .flat_map(|job| items(job, &["steps"]).map(|step| text(step, &["run"]).to_owned()).collect::<Vec<_>>())
        .chain([file("justfile").replace("{{ mlstack }}", "cargo run --package stack --").replace("@cargo", "cargo")])
        .collect();
    let lines = scripts.iter().flat_map(|script| script.lines()).filter(|line| !line.trim_start().starts_with('#'));
    // Not what is only defined: `name := "…"`.
    let lines = lines.filter(|line| !line.contains(":= "));
    let commands = lines.flat_map(|line| line.split(['(', '|', ';', '"']));
    let words = commands.map(|command| command.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    words.filter(|words| words.first().is_some_and(|first| first == program)).map(|words| words[1..].to_vec()).collect()
}

/// The recipes of the justfile.
pub fn recipes() -> BTreeSet<String> {
    let justfile = file("justfile");
    let lines = justfile.lines().filter(|line| !line.starts_with([' ', '#', '[']) && line.contains(':'));
    lines.filter_map(|line| line.split([' ', ':']).next()).map(str::to_owned).collect()
}

#[test]
fn every_recipe_and_command_that_is_run_is_there() {
    let (just, cargo) = (behind("just"), behind("cargo"));
    assert!(just.len() >= 4 && cargo.len() >= 6, "{just:?} {cargo:?}");
    let recipes = recipes();
    for words in just {
        assert!(recipes.contains(&words[0]), "just {}", words[0]);
    }
    let aliases = file(".cargo/config.toml");
    let xtask = file("xtask/src/main.rs");
    let mut asked = 0;
    for words in cargo {
        match words[0].as_str() {
            "run" => {
                let package = &words[1 + words.iter().position(|word| word == "--package").expect("a package")];
                assert!(file("Cargo.toml").contains(&format!("\"{package}\"")), "{package}");
                let Some(after) = words.iter().position(|word| word == "--").filter(|_| package == "stack") else {
                    continue;
                };
                let done = mlstack(&repository(), &[&words[after + 1], "--help"]);
                assert!(done.status.success(), "mlstack {}", words[after + 1]);
                asked += 1;
            }
            "insta" => (),
            alias => assert!(aliases.contains(&format!("\n{alias} = ")), "cargo {alias}"),
        }
        assert!(words[0] != "xtask" || xtask.contains(&format!("[\"{}\"]", words[1])), "cargo xtask {}", words[1]);
    }
    assert!(asked >= 4, "{asked}");
}

#[test]
fn jobs_may_do_no_more_than_they_must() {
    for (name, workflow) in workflows() {
        assert!(!at(&workflow, &["concurrency"]).is_null(), "{name} may run twice at once");
        let top = at(&workflow, &["permissions"]);
        let top = top.as_mapping().unwrap_or_else(|| panic!("{name} says what it may do"));
        assert!(top.iter().all(|(what, how)| what == "contents" && how == "read"), "{name}: {top:?}");
        for job in jobs(&workflow) {
            assert!(!at(job, &["timeout-minutes"]).is_null(), "a job of {name} may run for ever");
            let writes: Vec<_> = at(job, &["permissions"])
                .as_mapping()
                .into_iter()
                .flatten()
                .filter(|(_, how)| *how == "write")
                .map(|(what, _)| what.as_str().unwrap_or_default())
                .collect();
            // Who builds, and so runs other people's build scripts, pushes an image and no commits.
            let allowed: &[&[&str]] = &[&[], &["packages"], &["contents", "pull-requests"]];
            assert!(allowed.contains(&writes.as_slice()), "{name}: {writes:?}");
            for action in items(job, &["steps"]).map(|step| text(step, &["uses"])).filter(|uses| !uses.is_empty()) {
                assert!(action.starts_with("actions/") && action.contains("@v"), "{name} uses {action}");
            }
        }
    }
}

#[test]
fn what_starts_a_release_is_what_an_image_is_made_of() {
    let release = &workflows()["release.yml"];
    let paths = items(release, &["on", "push", "paths"]).filter_map(Value::as_str);
    let paths: BTreeSet<_> = paths.map(|path| path.trim_end_matches("/**").to_owned()).collect();
    for path in &paths {
        assert!(repository().join(path).exists(), "{path}");
    }
    // The program's own packages, by the manifests that name them.
    let mut wanted = BTreeSet::from(["Cargo.lock".to_owned(), "image".to_owned()]);
    let mut packages = vec!["serving".to_owned()];
    while let Some(package) = packages.pop() {
        let folder = ["", "serving/"].map(|above| format!("{above}{package}"));
        let folder = folder.into_iter().find(|folder| repository().join(folder).join("Cargo.toml").is_file());
        let folder = folder.expect("a package of the workspace");
        let manifest = file(&format!("{folder}/Cargo.toml"));
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or_default();
        let dependencies = dependencies.split("\n[").next().unwrap_or_default().lines();
        let names = dependencies.filter_map(|line| line.strip_suffix(".workspace = true"));
        packages.extend(
            names
                .filter(|name| {
                    let own = file("Cargo.toml").lines().any(|line| line.starts_with(&format!("{name} = {{ path")));
                    own && wanted.insert((*name).to_owned())
                })
                .map(str::to_owned),
        );
        if folder.starts_with("serving") {
            wanted.remove(&package);
            wanted.insert("serving".to_owned());
        }
    }
    assert_eq!(paths, wanted);
}

#[test]
fn node_ports_of_out_local_are_mapped_by_setup() {
    let setup = file("justfile");
    let ports = setup.split("for port in ").nth(1).and_then(|rest| rest.split(';').next()).expect("the ports");
    let folder = fs::read_dir(repository().join("out/local")).expect("out/local").flatten();
    for text in folder.map(|entry| fs::read_to_string(entry.path()).expect("a file")) {
        for port in text.lines().filter_map(|line| line.trim().strip_prefix("nodePort: ")) {
            assert!(ports.split(' ').any(|mapped| mapped == port), "kind maps no port {port}");
        }
    }
}
