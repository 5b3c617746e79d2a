//! Files of the repository that must say the same as the program.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};

use crate::project::{Project, configuration, tar};

fn repository(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder");
    fs::read_to_string(root.join(path)).expect(path)
}

/// The instructions of the last stage, each with what follows it; labels are told apart by their keys.
fn instructions() -> BTreeMap<String, String> {
    let text = repository("images/serving/Dockerfile");
    let (_, stage) = text.split_once("FROM scratch\n").expect("a last stage");
    let lines = stage.lines().filter_map(|line| match line.strip_prefix("LABEL ") {
        Some(label) => label.split_once('='),
        None => line.split_once(' '),
    });
    lines.map(|(what, value)| (what.to_owned(), value.trim_matches('"').to_owned())).collect()
}

#[test]
fn the_dockerfile_makes_the_same_image() {
    let project = Project::new();
    project.git(&["remote", "add", "origin", "https://github.com/team/stack"]);
    project.image(&[]);
    let config = configuration(&tar(&project))["config"].take();
    let docker = instructions();
    assert_eq!(config["User"], docker["USER"]);
    assert_eq!(config["WorkingDir"], docker["WORKDIR"]);
    let revision = config["Labels"]["org.opencontainers.image.revision"].as_str().expect("a revision").to_owned();
    let env: Vec<_> = docker["ENV"].split(' ').map(|variable| variable.replace("$REVISION", &revision)).collect();
    assert_eq!(config["Env"], json!(env));
    assert_eq!(config["Entrypoint"].to_string(), docker["ENTRYPOINT"]);
    let ports = config["ExposedPorts"].as_object().expect("ports").keys().cloned().collect::<Vec<_>>();
    assert_eq!(ports.join(" "), docker["EXPOSE"]);
    let labels: Vec<_> = config["Labels"].as_object().expect("labels").keys().collect();
    assert_eq!(labels, docker.keys().filter(|key| key.starts_with("org.")).collect::<Vec<_>>());
}

#[test]
fn the_dockerfile_knows_the_workspace() {
    let read = |path| toml(&repository(path));
    let (workspace, serving) = (read("Cargo.toml"), read("serving/Cargo.toml"));
    let compiler = &workspace["rust-version"];
    let first = format!("FROM rust:{compiler}-slim-bookworm AS build");
    assert!(repository("images/serving/Dockerfile").lines().any(|line| line == first), "{first}");
    let docker = instructions();
    assert_eq!(docker["org.opencontainers.image.version"], workspace["version"]);
    assert_eq!(docker["org.opencontainers.image.description"], serving["description"]);
}

/// The plain texts of a manifest, the first of each name.
fn toml(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().rev().filter_map(|line| line.split_once(" = "));
    lines.map(|(key, value)| (key.to_owned(), value.trim_matches('"').to_owned())).collect()
}

#[test]
fn the_image_is_called_what_the_local_environment_deploys() {
    let environment: Value = serde_yaml::from_str(&repository("environments/local.yaml")).expect("an environment");
    let printed = Project::new().image(&[]);
    assert_eq!(printed.split_once(' ').map(|(name, _)| name), environment["serving"]["image"].as_str());
}
