//! kubernetes-validate: the API's schemas, for every minor from an environment's own to the newest.

use std::{fs, process::Command};

use tests::{environments, repository};

use crate::{
    foreign,
    tools::{files, folder, run, tool},
};

/// The newest minor that the pinned version of the tool knows.
fn newest() -> u32 {
    let list = fs::read_to_string(repository().join("tests/tools/requirements.txt")).expect("the list is there");
    let version = list.lines().find_map(|line| line.strip_prefix("kubernetes-validate==1.")).expect("it is pinned");
    version.split('.').next().and_then(|minor| minor.parse().ok()).expect("a minor")
}

fn is_valid(minor: u32, files: &[std::path::PathBuf]) -> Result<(), String> {
    let mut validate = Command::new(tool("kubernetes-validate"));
    let done = run(validate.args(["--strict", "--quiet", "-k", &format!("1.{minor}")]).args(files));
    // It only warns of a kind that it has no schema of, which would then be judged by nobody.
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    if done.status.success() && said.is_empty() { Ok(()) } else { Err(said) }
}

#[test]
fn every_manifest_fits_every_minor() {
    for (name, artifacts) in environments::all() {
        // What other projects define, the API server judges by their own schemas.
        let folder = folder(&foreign::without(&artifacts.compiled.files));
        let own = artifacts.environment.values.kubernetes.to_string();
        let own: u32 = own.strip_prefix("1.").and_then(|minor| minor.parse().ok()).expect("a minor");
        assert!(own <= newest());
        for minor in own..=newest() {
            assert_eq!(is_valid(minor, &files(folder.path())), Ok(()), "{name} on 1.{minor}");
        }
    }
}

#[test]
fn a_manifest_with_a_key_that_the_api_does_not_know_is_refused() {
    let (_, artifacts) = environments::all().remove(0);
    let wrong = artifacts.compiled.files["050-ui.yaml"].replace("revisionHistoryLimit", "revisionHistoryLimits");
    let folder = folder([(&"ui.yaml".to_owned(), &wrong)]);
    assert!(is_valid(newest(), &files(folder.path())).is_err_and(|said| said.contains("revisionHistoryLimits")));
}

#[test]
fn a_kind_that_nobody_has_a_schema_of_is_refused() {
    let unknown = "---\napiVersion: example.org/v1\nkind: Widget\nmetadata:\n  name: w\n".to_owned();
    let folder = folder(&foreign::without(&[("widget.yaml".to_owned(), unknown)].into()));
    assert!(is_valid(newest(), &files(folder.path())).is_err_and(|said| said.contains("Widget")));
}
