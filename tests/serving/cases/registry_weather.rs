//! Registries that are late, go away and come back, while a pod has to serve.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};
use servers::{Mlflow, Postgres, run};

use crate::{
    program::{Api, get},
    project::{Project, rows},
    wire::{self, Wire},
};

const AWAY: &str = "the registry does not answer as it should";
const BACK: &str = "the registry answers again";
const NOTHING: &str = "the registry has no version under this alias yet";

/// As the contract has it: alive, neither started nor ready, and every refusal says when to come again.
fn waits(api: &Api) {
    let (status, health) = get(&api.url("/health"));
    let health: Value = serde_json::from_str(&health).unwrap();
    assert_eq!((status, &health["model_loaded"]), (200, &json!(false)));
    let row = rows()[0].to_string();
    for request in [wire::get("/startup"), wire::get("/ready"), wire::post("/predict", &row, "")] {
        let mut wire = Wire::connect(&api.address());
        wire.send(&request);
        let answer = wire.answer().unwrap();
        assert_eq!(answer.status, 503, "{request} {answer:?}");
        assert!(answer.header("retry-after").is_some() && answer.json()["hint"].is_string(), "{request} {answer:?}");
    }
}

fn serves(api: &Api, version: &str) {
    api.until(&format!("version {version}"), |api| api.version().as_deref() == Some(version));
    let (status, answer) = api.predict(&rows()[0]);
    assert_eq!((status, &answer["model_version"]), (200, &json!(version)), "{answer}");
    assert_eq!((get(&api.url("/startup")).0, get(&api.url("/ready")).0), (200, 200));
}

fn errors(api: &Api) -> f64 {
    api.metric("registry_poll_errors_total").unwrap()
}

fn copied(from: &Path, to: &Path) -> String {
    assert!(run(Command::new("cp").arg("-r").arg(from).arg(to)).status.success());
    to.to_string_lossy().into_owned()
}

#[test]
fn mlflow_comes_late_and_goes_and_comes_back() {
    let postgres = Postgres::start();
    let mut mlflow = Mlflow::start("2.17.2", &postgres);
    let (project, url) = (Project::new(), mlflow.url());
    mlflow.kill();
    let api = project.serve(&url, &[]);
    api.until("two polls", |api| errors(api) >= 2.0);
    waits(&api);
    assert_eq!((api.logged(AWAY), api.logged(BACK)), (1, 0), "{}", api.log());

    mlflow.restart();
    api.until("an answer", |api| api.logged(BACK) == 1 && api.logged(NOTHING) == 1);
    waits(&api);
    project.train(&url, 0);
    serves(&api, "1");

    mlflow.kill();
    let before = errors(&api);
    api.until("three polls", |api| errors(api) >= before + 3.0);
    serves(&api, "1");
    assert_eq!(api.logged(AWAY), 2, "one line for each time that it is away:\n{}", api.log());
    let cache = copied(&api.folder().join("cache"), &project.path("cache"));
    let second = project.serve(&url, &["--cache", &cache]).ready();
    serves(&second, "1");
    let third = project.serve(&url, &[]);
    waits(&third);

    mlflow.restart();
    project.train(&url, 1);
    for api in [&api, &second, &third] {
        serves(api, "2");
    }
    assert_eq!((api.logged(NOTHING), second.logged(AWAY), third.logged(AWAY)), (1, 1, 1));
}

#[test]
fn a_folder_goes_and_comes_back() {
    let (project, away) = (Project::new(), "away");
    let registry = project.registry();
    fs::create_dir_all(&registry).unwrap();
    let api = project.serve(&registry, &[]);
    api.until("a poll", |api| api.logged(NOTHING) == 1);
    waits(&api);
    project.train(&registry, 0);
    serves(&api, "1");

    fs::rename(&registry, project.path(away)).unwrap();
    api.until("two polls", |api| errors(api) >= 2.0);
    serves(&api, "1");
    assert_eq!((api.logged(AWAY), api.logged(NOTHING)), (1, 1), "{}", api.log());
    fs::rename(project.path(away), &registry).unwrap();
    project.train(&registry, 1);
    serves(&api, "2");
    assert_eq!((api.logged(AWAY), api.logged(BACK)), (1, 1), "{}", api.log());
}

/// Numbers begin again where a registry does, so they are not what a version is known by.
#[test]
fn a_registry_that_was_begun_anew_is_followed() {
    let project = Project::new();
    let registry = project.registry();
    project.train(&registry, 0);
    let api = project.serve(&registry, &[]).ready();
    let (_, old) = api.predict(&rows()[0]);
    let cache = copied(&api.folder().join("cache"), &project.path("cache"));
    // The other folder takes the place of the first at once.
    let other = project.text("other");
    project.train(&other, 1);
    fs::rename(&registry, project.path("old")).unwrap();
    fs::rename(&other, &registry).unwrap();
    for api in [api, project.serve(&registry, &["--cache", &cache])] {
        api.until("the other version 1", |api| api.predict(&rows()[0]).1["class"] != old["class"]);
        assert_eq!(api.version().as_deref(), Some("1"));
    }
}
