//! Row 4: the same objects through Kustomize, as a measure that is not ours.
//!
//! Kustomize does less than mlstack with them, since they are already objects: it reads, orders and
//! prints them. It prints to a file, because mlstack writes files too.

use std::{
    fs::{self, File},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{
    compile::Compiled,
    cost::{median, run_into},
    places::Places,
    project::{folder, separators},
    step,
    table::{Row, Table},
};

/// Seconds each; the figure is no nearer with more.
const RUNS: usize = 3;

/// What `kubectl kustomize` costs for what mlstack has compiled.
pub fn kustomize(places: &Places, compiled: &Compiled, table: &mut Table) -> Result<()> {
    let Some(kubectl) = places.kubectl() else {
        step("left out: Kustomize, since there is no kubectl; `cargo xtask tools` fetches one");
        return Ok(());
    };
    step("running the objects of 100 models through kubectl kustomize");
    let folder = folder()?;
    let mut list = String::from("resources:\n");
    for file in compiled.project.compiled()? {
        let name = file.file_name().and_then(|name| name.to_str()).context("a compiled file has no name")?;
        fs::copy(&file, folder.path().join(name))?;
        list.extend(["  - ", name, "\n"]);
    }
    fs::write(folder.path().join("kustomization.yaml"), list)?;

    let printed = folder.path().join("printed");
    let cost = median(RUNS, || {
        let mut command = Command::new(&kubectl);
        run_into(command.arg("kustomize").arg(folder.path()), File::create(&printed)?.into())
    })?;
    // Kustomize writes the separator between objects, not before the first.
    let objects = 1 + separators(&printed)?;
    let ours = compiled.objects;
    ensure!(objects == ours, "kustomize printed {objects} objects of {ours}");

    let microseconds = cost.cpu * 1e6 / f64::from(objects);
    let work = format!("kubectl kustomize, {objects} objects");
    table.push(Row::new(&work, RUNS).cost(cost).measured(microseconds, "µs/object"));
    let ratio = cost.cpu / compiled.cost.cpu;
    table.push(Row::new("kubectl kustomize to mlstack", RUNS).measured(ratio, "times the CPU"));
    Ok(())
}
