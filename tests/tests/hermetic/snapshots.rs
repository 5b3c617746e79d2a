//! What environments compile to, component by component, and what they consist of.

use std::fs;

use insta::{Settings, assert_snapshot};
use stack::commands::show;
use tests::{environments, repository, texts::Texts};

/// A file per component, beside the inventory.
fn snapshot(name: &str, path: &str) {
    let text = fs::read(repository().join(path)).expect("the environment is there");
    let artifacts = Texts::with(text).compile().expect("the environment is right");
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (file, text) in &artifacts.compiled.files {
            assert_snapshot!(format!("{name}-{file}"), text);
        }
        assert_snapshot!(format!("{name}-inventory"), show::text(&artifacts.compiled.inventory));
    });
}

#[test]
fn with_minimal_values() {
    snapshot("minimal", "tests/environments/minimal.yaml");
}

#[test]
fn with_full_values() {
    snapshot("full", "tests/environments/full.yaml");
}

/// Their manifests are in `out/`.
#[test]
fn inventories_of_the_repository() {
    for (name, artifacts) in environments::of_repository() {
        assert_snapshot!(format!("{name}-inventory"), show::text(&artifacts.compiled.inventory));
    }
}

#[test]
fn a_change_of_configuration_rolls_who_reads_it_and_nobody_else() {
    let local = fs::read_to_string(repository().join("environments/local.yaml")).expect("local is there");
    let changed = local.replace("logLevel: info", "logLevel: warn");
    let [one, other] = [local, changed].map(|text| Texts::with(text).compile().expect("both are right").compiled.files);
    let hash = |files: &std::collections::BTreeMap<String, String>, file: &str| {
        let line = files[file].lines().find(|line| line.contains("mlstack.dev/config-hash")).map(str::to_owned);
        line.expect("it reads a configuration")
    };
    assert_ne!(hash(&one, "040-diabetes-api.yaml"), hash(&other, "040-diabetes-api.yaml"));
    assert_eq!(hash(&one, "010-postgres.yaml"), hash(&other, "010-postgres.yaml"));
    // A Job of another specification is another Job.
    let job = |files: &std::collections::BTreeMap<String, String>| {
        let line = files["030-diabetes-training.yaml"]
            .lines()
            .find(|line| line.starts_with("  name: diabetes-training-"))
            .map(str::to_owned);
        line.expect("a Job")
    };
    assert_ne!(job(&one), job(&other));
}

#[test]
fn a_checkout_with_other_line_ends_gives_the_same_bytes() {
    let local = fs::read(repository().join("environments/local.yaml")).expect("local is there");
    let unix = Texts::with(local);
    let mut windows = unix.clone();
    let text = String::from_utf8_lossy(&unix.models["diabetes"]).replace('\n', "\r\n");
    windows.models.insert("diabetes".into(), format!("\u{feff}{text}").into_bytes());
    let [one, other] = [unix, windows].map(|texts| texts.compile().expect("both are right").compiled.files);
    assert_eq!(one, other);
}

#[test]
fn an_older_mlflow_changes_what_follows_from_its_version() {
    let local = fs::read_to_string(repository().join("environments/local.yaml")).expect("local is there");
    let older = local.replace("version: 3.17.2", "version: 2.17.2");
    assert_ne!(local, older);
    let [new, old] = [local, older].map(|text| Texts::with(text).compile().expect("both versions are right"));
    let (new, old) = (&new.compiled.files["020-mlflow.yaml"], &old.compiled.files["020-mlflow.yaml"]);
    for word in ["--allowed-hosts", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "mlstack/mlflow:3.17.2", "memory: 1Gi"] {
        assert!(new.contains(word) && !old.contains(word), "{word}");
    }
    assert!(old.contains("mlstack/mlflow:2.17.2") && old.contains("memory: 768Mi"));
}
