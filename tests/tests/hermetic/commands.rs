//! The program as people run it: files, exit codes, streams.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    time::SystemTime,
};

use tempfile::TempDir;
pub use tests::copy;
use tests::repository;

/// A project like the repository's with one environment, to be changed.
pub fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&repository().join("models"), &folder.path().join("models"));
    let environments = folder.path().join("environments");
    fs::create_dir(&environments).expect("a folder");
    fs::copy(repository().join("environments/local.yaml"), environments.join("local.yaml")).expect("a file");
    folder
}

/// Runs `mlstack` in a folder.
pub fn mlstack(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mlstack-under-test"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("mlstack runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn times(folder: &Path) -> Vec<(String, SystemTime)> {
    let mut times: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.metadata().and_then(|meta| meta.modified()).expect("a time"),
            )
        })
        .collect();
    times.sort();
    times
}

#[test]
fn the_committed_output_is_what_the_sources_compile_to() {
    let done = mlstack(&repository(), &["build", "--check"]);
    assert!(done.status.success(), "{}{}", text(&done.stdout), text(&done.stderr));
}

#[test]
fn a_mistake_of_a_model_is_told_once_for_all_environments() {
    let project = project();
    let environments = project.path().join("environments");
    fs::copy(environments.join("local.yaml"), environments.join("other.yaml")).expect("a file");
    fs::remove_file(project.path().join("models/data/iris.csv")).expect("a file");
    let told = text(&mlstack(project.path(), &["build"]).stderr);
    assert_eq!(told.matches("error: ").count(), 1, "{told}");
}

#[test]
fn a_build_writes_what_changed_and_removes_what_is_stale() {
    let project = project();
    let out = project.path().join("out/local");
    assert!(mlstack(project.path(), &["build"]).status.success());
    let first = times(&out);
    assert_eq!(first.len(), times(&repository().join("out/local")).len());
    assert!(mlstack(project.path(), &["build"]).status.success());
    assert_eq!(times(&out), first, "an unchanged file keeps its time");

    fs::write(out.join("999-old.yaml"), "# Made by mlstack from an older version\n").expect("a file");
    fs::write(out.join("notes.yaml"), "mine: true\n").expect("a file");
    let environment = project.path().join("environments/local.yaml");
    let changed = fs::read_to_string(&environment)
        .expect("local")
        .replace("min: 2, max: 10, cpu: 50", "min: 3, max: 10, cpu: 50");
    fs::write(&environment, changed).expect("local");

    let check = mlstack(project.path(), &["build", "--check", "local"]);
    assert_eq!(check.status.code(), Some(1));
    let diff = text(&check.stdout);
    let lines =
        |sign: char, file: &str| diff.lines().filter(|line| line.starts_with(sign) && !line.contains(file)).count();
    assert_eq!((lines('+', "/"), lines('-', "/")), (1, 2), "one line, and the stale file's:\n{diff}");
    assert!(diff.contains("+  minReplicas: 3") && diff.contains("--- a/out/local/040-diabetes-api.yaml"), "{diff}");

    assert!(mlstack(project.path(), &["build"]).status.success());
    assert!(!out.join("999-old.yaml").exists(), "what we made and make no more is removed");
    assert!(out.join("notes.yaml").exists(), "what somebody put there stays");
    let unchanged =
        |name: &str| times(&out).iter().find(|(file, _)| file == name) == first.iter().find(|(file, _)| file == name);
    assert!(unchanged("010-postgres.yaml") && !unchanged("040-diabetes-api.yaml"));
}

#[test]
fn an_environment_that_is_gone_leaves_nothing_behind() {
    let project = project();
    fs::copy(project.path().join("environments/local.yaml"), project.path().join("environments/other.yaml"))
        .expect("a file");
    assert!(mlstack(project.path(), &["build"]).status.success());
    fs::remove_file(project.path().join("environments/other.yaml")).expect("a file");
    assert!(mlstack(project.path(), &["build"]).status.success());
    assert!(project.path().join("out/local").exists() && !project.path().join("out/other").exists());
}

#[test]
fn a_failed_build_leaves_the_old_output_whole() {
    let project = project();
    assert!(mlstack(project.path(), &["build"]).status.success());
    let before = times(&project.path().join("out/local"));
    let second = project.path().join("environments/broken.yaml");
    fs::write(&second, "kubernetes: \"1.34\"\nsecrets: nowhere\nmodels: []\n").expect("a file");
    let done = mlstack(project.path(), &["build"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(
        done.stdout.is_empty() && text(&done.stderr).contains("environments/broken.yaml:2:10"),
        "{}",
        text(&done.stderr)
    );
    assert_eq!(times(&project.path().join("out/local")), before);
    assert!(!project.path().join("out/broken").exists());
}

#[test]
fn an_output_that_cannot_be_written_is_said_and_changes_nothing() {
    let project = project();
    assert!(mlstack(project.path(), &["build"]).status.success());
    let before = fs::read(project.path().join("out/local/050-ui.yaml")).expect("a file");
    let environment = project.path().join("environments/local.yaml");
    let changed = fs::read_to_string(&environment)
        .expect("local")
        .replace("version: 3.17.2", "version: 3.16.1")
        .replace("replicas: 2", "replicas: 3");
    fs::write(&environment, changed).expect("local");
    // A file where a folder must be: that stops even the superuser.
    fs::write(project.path().join("images/mlflow/3.16.1"), "in the way").expect("a file");
    let done = mlstack(project.path(), &["build"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("3.16.1") && text(&done.stderr).contains("hint: "), "{}", text(&done.stderr));
    assert_eq!(fs::read(project.path().join("out/local/050-ui.yaml")).expect("a file"), before);
    let left = fs::read_dir(project.path().join("out/local")).expect("a folder").flatten();
    assert!(
        left.into_iter().all(|entry| entry.path().extension().is_some_and(|ending| ending == "yaml")),
        "nothing half-written stays"
    );
}

#[test]
fn a_file_that_cannot_be_staged_leaves_those_before_it_as_they_were() {
    let project = project();
    assert!(mlstack(project.path(), &["build"]).status.success());
    let out = project.path().join("out/local");
    let before = fs::read(out.join("040-diabetes-api.yaml")).expect("a file");
    let environment = project.path().join("environments/local.yaml");
    let changed = fs::read_to_string(&environment).expect("local").replace("logLevel: info", "logLevel: warn");
    fs::write(&environment, changed).expect("local");
    // Where the new text of the last file must go first.
    fs::create_dir(out.join("050-ui.new")).expect("a folder");
    assert_eq!(mlstack(project.path(), &["build"]).status.code(), Some(2));
    assert_eq!(fs::read(out.join("040-diabetes-api.yaml")).expect("a file"), before);
}

#[test]
fn sources_that_would_be_passed_over_are_told() {
    let project = project();
    let folder = project.path().join("environments");
    assert!(mlstack(project.path(), &["build"]).status.success());
    fs::rename(folder.join("local.yaml"), folder.join("local.yml")).expect("a file");
    let done = mlstack(project.path(), &["build"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("local.yml is not read"), "{}", text(&done.stderr));
    fs::remove_file(folder.join("local.yml")).expect("a file");
    assert!(text(&mlstack(project.path(), &["build"]).stderr).contains("there is no environment"));
    assert!(project.path().join("out/local/050-ui.yaml").exists());
}

#[test]
fn an_environment_that_does_not_exist_lists_those_that_do() {
    for command in [["build", "locale"], ["show", "prod"], ["secrets", "../local"]] {
        let done = mlstack(&repository(), &command);
        assert_eq!(done.status.code(), Some(2));
        assert!(done.stdout.is_empty());
        assert!(text(&done.stderr).contains("local"), "{}", text(&done.stderr));
    }
}

#[test]
fn outside_a_project_it_says_where_it_looked() {
    let nowhere = tempfile::tempdir().expect("a folder");
    let done = mlstack(nowhere.path(), &["build"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("hint: run mlstack inside a project"), "{}", text(&done.stderr));
}

#[test]
fn show_writes_data_to_stdout_and_nothing_else() {
    let done = mlstack(&repository(), &["show", "local"]);
    assert!(done.status.success() && done.stderr.is_empty());
    assert!(text(&done.stdout).contains("2 to 10 at 50 % cpu"));
}

#[test]
fn every_command_explains_itself() {
    for command in [
        vec!["--help"],
        vec!["build", "--help"],
        vec!["show", "--help"],
        vec!["pin", "--help"],
        vec!["secrets", "--help"],
        vec!["schema", "--help"],
    ] {
        let done = mlstack(&repository(), &command);
        assert!(done.status.success() && text(&done.stdout).contains("Usage: "), "{command:?}");
    }
    assert_eq!(mlstack(&repository(), &["biuld"]).status.code(), Some(2));
}
