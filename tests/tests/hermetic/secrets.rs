//! `mlstack secrets`: the same values again and again, for nobody else's eyes.

use std::{fs, os::unix::fs::PermissionsExt};

use tests::manifests::{identity, map, objects};

use crate::commands::{mlstack, project};

#[test]
fn a_second_run_prints_the_same_and_a_rotated_key_alone_changes() {
    let project = project();
    let run = |arguments: &[&str]| {
        let done = mlstack(project.path(), arguments);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(done.stderr.is_empty());
        let text = String::from_utf8(done.stdout).expect("text");
        let objects = objects([&text]);
        let made = [
            ("churn-mlops", "churn-api"),
            ("mlops", "churn-api"),
            ("mlops", "grafana"),
            ("mlops", "iris-api"),
            ("mlops", "postgres"),
        ];
        assert_eq!(objects.iter().map(identity).collect::<Vec<_>>(), made.map(|(at, name)| ("Secret", at, name)));
        // One token in two namespaces: what the API asks for is what Prometheus sends.
        assert_eq!(map(&objects[0], &["stringData"]), map(&objects[1], &["stringData"]));
        map(&objects[4], &["stringData"])
    };
    let first = run(&["secrets", "local"]);
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        [
            "MLFLOW_PASSWORD",
            "MLFLOW_USER",
            "POSTGRES_PASSWORD",
            "POSTGRES_USER",
            "PREDICTIONS_PASSWORD",
            "PREDICTIONS_USER"
        ]
    );
    assert_eq!(first["MLFLOW_USER"], "mlflow");
    assert_eq!(first["MLFLOW_PASSWORD"].len(), 48);
    assert_ne!(first["MLFLOW_PASSWORD"], first["POSTGRES_PASSWORD"]);
    assert_eq!(run(&["secrets", "local"]), first);

    let rotated = run(&["secrets", "local", "--rotate", "postgres/MLFLOW_PASSWORD"]);
    let changed: Vec<_> = first.keys().filter(|key| first[*key] != rotated[*key]).collect();
    assert_eq!(changed, ["MLFLOW_PASSWORD"]);
    assert_eq!(run(&["secrets", "local"]), rotated);

    let file = project.path().join("environments/.secrets/local.json");
    assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_cannot_be_trusted_is_refused_without_showing_a_value() {
    let project = project();
    assert!(mlstack(project.path(), &["secrets", "local"]).status.success());
    let file = project.path().join("environments/.secrets/local.json");
    let refused = |arguments: &[&str], word: &str| {
        let done = mlstack(project.path(), arguments);
        let told = String::from_utf8(done.stderr).expect("text");
        assert_eq!((done.status.code(), done.stdout.as_slice()), (Some(2), b"".as_slice()), "{told}");
        assert!(told.contains(word) && told.contains("hint: "), "{told}");
        told
    };
    refused(&["secrets", "local", "--rotate", "postgres/MLFLOW_USER"], "no random secret key");
    refused(&["secrets", "local", "--rotate", "nothing"], "postgres/MLFLOW_PASSWORD");

    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("a mode");
    refused(&["secrets", "local"], "chmod 600");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a mode");

    fs::write(&file, "{\"postgres\": {\"MLFLOW_PASSWORD\": \"hunter2\" oops").expect("a file");
    assert!(!refused(&["secrets", "local"], "line 1").contains("hunter2"));

    let environment = project.path().join("environments/local.yaml");
    let external = fs::read_to_string(&environment)
        .expect("local")
        .replace("secrets: {type: Generated}", "secrets: {type: External}");
    fs::write(&environment, external).expect("local");
    refused(&["secrets", "local"], "come from elsewhere");
}

#[test]
fn git_ignores_the_values() {
    let ignored = fs::read_to_string(tests::repository().join(".gitignore")).expect("a file");
    assert!(ignored.lines().any(|line| line == "/environments/.secrets"));
}
