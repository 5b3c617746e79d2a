//! From nothing to ready, with the registry away and a version in the cache. The one figure by the clock: nobody
//! waits for CPU time.

use anyhow::Result;

use super::program::Program;
use crate::{
    cost::{RUNS, middle},
    step,
    table::{Row, Table},
};

/// Starts servers one after another.
pub fn from_cache(program: &Program, table: &mut Table) -> Result<()> {
    step("starting from the cache");
    program.hide_registry()?;
    let start = || Ok(program.serve()?.wait("/ready")?.as_secs_f64());
    let seconds = middle((0..RUNS).map(|_| start()).collect::<Result<_>>()?);
    table.push(Row::new("start to ready from the cache", RUNS).measured(seconds, "s").target(0.05));
    Ok(())
}
