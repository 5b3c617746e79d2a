//! `mlstack seal`: exactly the declared keys, and no value anywhere. What the ciphertexts hold, kubeseal judges.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use proptest::prelude::*;
use tempfile::TempDir;

use crate::commands::{mlstack, project};

const FILE: &str = "environments/sealed/local.yaml";
const KEYS: [&str; 3] = ["MLFLOW_PASSWORD", "POSTGRES_PASSWORD", "PREDICTIONS_PASSWORD"];

type Sealed = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

/// A project of one environment whose Secrets are sealed, with the certificates beside it.
fn sealed_project() -> TempDir {
    let project = project();
    let minimal = tests::repository().join("tests/environments/minimal.yaml");
    fs::copy(minimal, project.path().join("environments/local.yaml")).expect("local");
    of_type(project.path(), "Sealed");
    let certificates = tests::repository().join("tests/tests/hermetic/certificates");
    crate::commands::copy(&certificates, project.path());
    project
}

fn of_type(project: &Path, kind: &str) {
    let local = project.join("environments/local.yaml");
    let text = fs::read_to_string(&local).expect("local");
    let line = text.lines().find(|line| line.starts_with("secrets: ")).expect("a line");
    fs::write(&local, text.replace(line, &format!("secrets: {{type: {kind}}}"))).expect("local");
}

/// Runs `mlstack seal local`: its exit code, and everything it says.
fn seal(project: &Path, arguments: &[&str], stdin: &str) -> (i32, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mlstack-under-test"))
        .args(["seal", "local"])
        .args(arguments)
        .current_dir(project)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("mlstack runs");
    child.stdin.take().expect("stdin").write_all(stdin.as_bytes()).expect("it reads");
    let done = child.wait_with_output().expect("it ends");
    assert_eq!(done.stdout, b"", "nothing is for other programs");
    (done.status.code().expect("a code"), String::from_utf8(done.stderr).expect("text"))
}

fn sealed(project: &Path) -> Sealed {
    serde_yaml::from_str(&fs::read_to_string(project.join(FILE)).expect("the file")).expect("YAML")
}

const GOOD: [&str; 3] = ["--certificate", "controller.pem", "--generate"];

#[test]
fn every_declared_key_is_sealed_once() {
    let project = sealed_project();
    let at = project.path();
    assert_eq!(mlstack(at, &["build"]).status.code(), Some(2), "nothing is sealed yet");
    assert_eq!(seal(at, &GOOD, ""), (0, format!("{FILE}: 3 sealed, 0 kept\n")));
    let first = sealed(at);
    assert_eq!(first["mlops"]["postgres"].keys().collect::<Vec<_>>(), KEYS);
    assert!(mlstack(at, &["build"]).status.success());
    let objects = fs::read_to_string(at.join("out/local/001-secrets-mlops.yaml")).expect("the objects");
    for (key, text) in &first["mlops"]["postgres"] {
        assert!(objects.contains(&format!("    {key}: {text}\n")), "{key}");
    }

    assert_eq!(seal(at, &GOOD, ""), (0, format!("{FILE}: 0 sealed, 3 kept\n")));
    assert_eq!(sealed(at), first, "what is sealed stays");
    let rotate = [&GOOD[..], &["--rotate", "postgres/MLFLOW_PASSWORD"]].concat();
    assert_eq!(seal(at, &rotate, "").0, 0);
    let second = sealed(at);
    let changed = KEYS.into_iter().filter(|key| first["mlops"]["postgres"][*key] != second["mlops"]["postgres"][*key]);
    assert_eq!(changed.collect::<Vec<_>>(), ["MLFLOW_PASSWORD"]);
    assert_eq!(seal(at, &[&GOOD[..], &["--all"]].concat(), ""), (0, format!("{FILE}: 3 sealed, 0 kept\n")));
}

#[test]
fn what_nobody_declares_is_removed() {
    let project = sealed_project();
    assert_eq!(seal(project.path(), &GOOD, "").0, 0);
    let file = project.path().join(FILE);
    let old = fs::read_to_string(&file).expect("the file").replace("mlops:", "before:");
    fs::write(&file, old).expect("the file");
    let (code, told) = seal(project.path(), &GOOD, "");
    assert_eq!((code, told.matches("note: removed before/postgres/").count()), (0, 3), "{told}");
    assert_eq!(sealed(project.path()).keys().collect::<Vec<_>>(), ["mlops"]);
}

#[test]
fn values_are_taken_from_a_file_and_shown_nowhere() {
    let project = sealed_project();
    let at = project.path();
    let values = "{\"postgres\": {\"MLFLOW_PASSWORD\": \"hunter2\", \"POSTGRES_PASSWORD\": \"hunter2\", \"PREDICTIONS_PASSWORD\": \"hunter2\"}}";
    let (code, told) = seal(at, &["--certificate", "controller.pem", "--from", "-"], values);
    assert_eq!((code, told.as_str()), (0, "environments/sealed/local.yaml: 3 sealed, 0 kept\n"));
    assert!(mlstack(at, &["build"]).status.success());
    assert_eq!(files_that_contain(at, "hunter2"), Vec::<String>::new());
    let first = sealed(at);
    let ciphertexts = &first["mlops"]["postgres"];
    assert_ne!(
        ciphertexts["MLFLOW_PASSWORD"], ciphertexts["POSTGRES_PASSWORD"],
        "equal values are not seen to be equal"
    );

    let (code, told) = seal(at, &["--certificate", "controller.pem", "--from", "-"], values);
    assert_eq!((code, told.matches(" is sealed already, and was not sealed anew").count()), (0, 3), "{told}");
    assert_eq!(&sealed(at)["mlops"]["postgres"], ciphertexts);

    // Whatever is wrong with the file, none of it is shown.
    for (values, what) in [
        ("postgres: {MLFLOW_PASWORD: hunter2}", "did you mean postgres/MLFLOW_PASSWORD?"),
        ("postgres: {MLFLOW_USER: hunter2}", "has a fixed value"),
        ("postgres: {MLFLOW_PASSWORD: [hunter2]}", "the value of MLFLOW_PASSWORD is no text"),
        ("postgres: {MLFLOW_PASSWORD: 4711}", "put it in quotes"),
        ("postgres: {MLFLOW_PASSWORD: \"\"}", "is empty"),
        ("postgres: hunter2", "`postgres` must be a mapping"),
        ("hunter2", "must be a mapping"),
        ("postgres:\n  MLFLOW_PASSWORD: hunter2\n POSTGRES_PASSWORD: hunter2", "not valid YAML"),
    ] {
        let (code, told) = seal(at, &["--certificate", "controller.pem", "--all", "--from", "-"], values);
        assert_eq!(code, 2, "{values}");
        assert!(told.contains(what) && told.contains("stdin:") && told.contains("\nhint: "), "{told}");
        assert!(!told.contains("hunter2") && !told.contains("4711"), "{told}");
    }
}

#[test]
fn what_cannot_be_sealed_is_told() {
    let project = sealed_project();
    let at = project.path();
    let refused = |arguments: &[&str], word: &str| {
        let (code, told) = seal(at, arguments, "");
        assert_eq!(code, 2, "{told}");
        assert!(told.contains(word) && told.contains("\nhint: "), "{told}");
        assert!(!at.join(FILE).exists(), "nothing is written");
    };
    let all = "3 keys have no value, and there is no terminal to ask on: postgres/MLFLOW_PASSWORD, postgres/POSTGRES_PASSWORD, postgres/PREDICTIONS_PASSWORD";
    refused(&["--certificate", "controller.pem"], all);
    refused(&["--certificate", "elliptic.pem", "--generate"], "is no RSA key");
    refused(&["--certificate", "README.md", "--generate"], "there is no certificate in this file");
    refused(&["--certificate", "nothing.pem", "--generate"], "cannot read nothing.pem");
    refused(&[&GOOD[..], &["--rotate", "postgres/MLFLOW_PASWORD"]].concat(), "did you mean postgres/MLFLOW_PASSWORD?");
    for (kind, instead) in [
        ("Generated", "mlstack secrets local"),
        ("External", "as that environment's operators do"),
        ("ExternalSecrets, store: vault", "put the values into vault"),
    ] {
        of_type(at, kind);
        refused(&GOOD, instead);
    }
    of_type(at, "Sealed");
    let done = mlstack(at, &["secrets", "local"]);
    assert_eq!(done.status.code(), Some(2));

    let (code, told) = seal(at, &["--certificate", "expired.pem", "--generate"], "");
    assert_eq!(code, 0, "the controller still decrypts for it");
    assert!(told.contains("warning: expired.pem expired on 2021-02-03"), "{told}");
}

/// Paths of files below `folder` in which `word` occurs.
fn files_that_contain(folder: &Path, word: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    let holds = |path: &Path| String::from_utf8_lossy(&fs::read(path).expect("a file")).contains(word);
    entries
        .flat_map(|path| match path.is_dir() {
            true => files_that_contain(&path, word),
            false if holds(&path) => vec![path.display().to_string()],
            false => Vec::new(),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a value looks like to YAML, and wherever in the file it stands, nobody sees it.
    #[test]
    fn no_value_is_ever_shown(before in "[ -9;-~äß]{0,6}", after in "[ -9;-~äß]{0,6}", place in 0..4_usize) {
        let project = sealed_project();
        // No ciphertext has it by chance: base64 knows no tilde.
        let value = format!("{before}Zq~9{after}");
        let text = match place {
            0 => format!("postgres:\n  MLFLOW_PASSWORD: {value}\n"),
            1 => format!("postgres:\n  MLFLOW_PASSWORD:\n  - {value}\n"),
            2 => format!("postgres: {value}\n"),
            _ => format!("{value}\n"),
        };
        let (_, told) = seal(project.path(), &[&GOOD[..], &["--from", "-"]].concat(), &text);
        prop_assert!(!told.contains("Zq~9"), "{text:?}\n{told}");
        prop_assert!(files_that_contain(project.path(), "Zq~9").is_empty());
    }
}
