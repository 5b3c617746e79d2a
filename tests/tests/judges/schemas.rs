//! kubernetes-validate: the API's schemas, for every minor from an environment's own to the newest.

use std::{fs, process::Command};

use tests::repository;

use crate::tools::{files, manifests, run, tool};

/// The newest minor that the pinned version of the tool knows.
fn newest() -> u32 {
    let list = fs::read_to_string(repository().join("tests/tools/requirements.txt")).expect("the list is there");
    let version = list.lines().find_map(|line| line.strip_prefix("kubernetes-validate==1.")).expect("it is pinned");
    version.split('.').next().and_then(|minor| minor.parse().ok()).expect("a minor")
}

fn is_valid(minor: u32, files: &[std::path::PathBuf]) -> Result<(), String> {
    let mut validate = Command::new(tool("kubernetes-validate"));
    let done = run(validate.args(["--strict", "-k", &format!("1.{minor}")]).args(files));
    let said = [done.stdout, done.stderr].concat();
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&said).into_owned()) }
}

#[test]
fn every_manifest_fits_every_minor() {
    for (name, folder) in manifests() {
        let text = fs::read_to_string(repository().join(&name)).expect("the environment is there");
        let own = text.lines().find_map(|line| line.strip_prefix("kubernetes: \"1.")).expect("it states a minor");
        let own: u32 = own.trim_end_matches('"').parse().expect("a minor");
        assert!(own <= newest());
        for minor in own..=newest() {
            assert_eq!(is_valid(minor, &files(folder.path())), Ok(()), "{name} on 1.{minor}");
        }
    }
}

#[test]
fn a_manifest_with_a_key_that_the_api_does_not_know_is_refused() {
    let (_, folder) = manifests().remove(0);
    let file = folder.path().join("050-ui.yaml");
    let text = fs::read_to_string(&file).expect("a file");
    fs::write(&file, text.replace("revisionHistoryLimit", "revisionHistoryLimits")).expect("a file");
    assert!(is_valid(newest(), &[file]).is_err_and(|said| said.contains("revisionHistoryLimits")));
}
