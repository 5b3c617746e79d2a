//! actionlint, with shellcheck for the scripts inside.

use std::process::Command;

use tests::repository;

use crate::tools::{run, stdout, tool};

#[test]
fn actionlint_finds_nothing_in_the_workflows() {
    let lint = |script: Option<&str>| {
        let mut command = Command::new(tool("actionlint"));
        command.args(["-no-color", "-shellcheck"]).arg(tool("shellcheck")).current_dir(repository());
        let Some(script) = script else { return run(&mut command) };
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("workflow.yml");
        let head = "on: push\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps:\n";
        std::fs::write(&file, format!("{head}      - run: {script}\n")).expect("a file");
        run(command.arg(file))
    };
    let found = lint(None);
    assert!(found.status.success(), "{}", stdout(&found));
    // It does look into scripts and expressions.
    for bad in ["rm $unset", "echo ${{ github.nothing }}"] {
        assert!(!lint(Some(bad)).status.success(), "{bad}");
    }
}
