//! Rows 1 to 3: a small project, a large one, and whether ten times the objects cost ten times as much.

use anyhow::Result;

use crate::{
    cost::{Cost, RUNS, median, run},
    places::Places,
    project::Project,
    step,
    table::{Row, Table},
};

/// A generated project that has been compiled, and what that cost.
pub struct Compiled {
    /// The project, with its `out/`.
    pub project: Project,
    /// How many objects it has.
    pub objects: u32,
    /// What compiling it into an empty `out/` costs.
    pub cost: Cost,
}

impl Compiled {
    /// Microseconds of CPU for each object.
    pub fn microseconds(&self) -> f64 {
        self.cost.cpu * 1e6 / f64::from(self.objects)
    }
}

/// The environments of this workspace, compiled again and again.
pub fn own(places: &Places, table: &mut Table) -> Result<()> {
    step("compiling the environments");
    let project = Project::copy(&places.workspace)?;
    // Not counted: the first run reads the binary from disk and writes what later ones leave alone.
    run(&mut project.build_all(&places.release))?;
    let cost = median(RUNS, || run(&mut project.build(&places.release)))?;
    table.push(Row::new("compile local", RUNS).cost(cost).measured(cost.cpu, "s").target(0.003));
    let cost = median(RUNS, || run(&mut project.build_all(&places.release)))?;
    table.push(Row::new("compile all environments", RUNS).cost(cost).measured(cost.cpu, "s").target(0.008));
    Ok(())
}

/// A hundred and a thousand models, written to an empty `out/` each time; returns the hundred.
pub fn generated(places: &Places, table: &mut Table) -> Result<Compiled> {
    let hundred = compile(places, 100)?;
    let thousand = compile(places, 1000)?;
    let work = format!("1000 models, {} objects", thousand.objects);
    let row = || Row::new(&work, RUNS).cost(thousand.cost);
    table.push(row().measured(thousand.microseconds(), "µs/object").target(20.0));
    table.push(row().measured(thousand.cost.peak / f64::from(thousand.objects), "KiB/object").target(15.0));
    let ratio = thousand.cost.cpu / hundred.cost.cpu;
    table.push(Row::new("1000 models to 100", RUNS).measured(ratio, "times the CPU").target(11.0));
    Ok(hundred)
}

fn compile(places: &Places, models: u32) -> Result<Compiled> {
    step(&format!("compiling {models} models"));
    let project = Project::generated(&places.workspace, models)?;
    run(&mut project.build(&places.release))?;
    let cost = median(RUNS, || {
        project.wipe()?;
        run(&mut project.build(&places.release))
    })?;
    Ok(Compiled { objects: project.objects()?, project, cost })
}
