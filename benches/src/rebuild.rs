//! Row 6: somebody changes a component and wants the manifests. Nearly all of it is the compiler, so it
//! says whether the crates are cut well; the build from nothing says what the dependencies weigh.

use std::{fs, io, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::{
    cost::{median, run},
    places::Places,
    step,
    table::{Row, Table},
};

/// A second or two each.
const RUNS: usize = 10;

/// What is edited, and the number in it that changes.
const COMPONENT: &str = "components/src/ui.rs";
const BEFORE: &str = "Resources::new((";

/// Builds a copy of the workspace from nothing, then edits a component of it again and again.
pub fn component(places: &Places, table: &mut Table) -> Result<()> {
    let folder = TempDir::new()?;
    copy_sources(&places.workspace, folder.path())?;
    let build = || {
        let mut cargo = Command::new("cargo");
        cargo.arg("build-manifests").current_dir(folder.path());
        cargo.env("CARGO_TARGET_DIR", folder.path().join("target"));
        // What is to be downloaded is no part of the figure, and would hide in it.
        cargo.env("CARGO_NET_OFFLINE", "true");
        run(&mut cargo)
    };

    step("building a copy of the workspace from nothing");
    let cold = build()?;

    step("editing a component");
    let file = folder.path().join(COMPONENT);
    let mut millicores = 50;
    let warm = median(RUNS, || {
        let number = |millicores: u32| format!("{BEFORE}{millicores},");
        let text = fs::read_to_string(&file)?;
        let next = text.replace(&number(millicores), &number(millicores + 1));
        ensure!(next != text, "{COMPONENT} no longer holds {}", number(millicores));
        fs::write(&file, next)?;
        millicores += 1;
        build()
    })?;

    table.push(Row::new("edit a component", RUNS).cost(warm).measured(warm.cpu, "s").target(0.8));
    table.push(Row::new("build from nothing", 1).cost(cold).measured(cold.cpu, "s").target(70.0));
    Ok(())
}

/// The files that git knows, as they are now: neither `target/` nor notes that somebody has lying around.
fn copy_sources(workspace: &Path, folder: &Path) -> Result<()> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(workspace).output();
    let listed = listed.context("cannot start git")?;
    ensure!(listed.status.success(), "cannot list the sources: {}", String::from_utf8_lossy(&listed.stderr));
    let names = String::from_utf8(listed.stdout)?;
    for name in names.split_terminator('\0') {
        let target = folder.join(name);
        target.parent().map_or(Ok(()), fs::create_dir_all)?;
        match fs::copy(workspace.join(name), &target) {
            // Removed, but not yet told to git.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => drop(other.with_context(|| format!("cannot copy {name}"))?),
        }
    }
    Ok(())
}
