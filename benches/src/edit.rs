//! Row 5: somebody changes a line of an environment and wants the manifests.

use anyhow::Result;

use crate::{
    cost::{RUNS, median, run},
    places::Places,
    project::Project,
    step,
    table::{Row, Table},
};

/// Another number of pages each time, compiled by the binary that a checkout has.
pub fn environment(places: &Places, table: &mut Table) -> Result<()> {
    step("editing an environment");
    let project = Project::copy(&places.workspace)?;
    run(&mut project.build(&places.debug))?;
    let mut replicas = 2;
    let cost = median(RUNS, || {
        let line = |replicas: u32| format!("\nui:\n  replicas: {replicas}\n");
        project.edit(|text| text.replace(&line(replicas), &line(replicas + 1)))?;
        replicas += 1;
        run(&mut project.build(&places.debug))
    })?;
    table.push(Row::new("edit an environment (debug)", RUNS).cost(cost).measured(cost.cpu, "s").target(0.01));
    Ok(())
}
