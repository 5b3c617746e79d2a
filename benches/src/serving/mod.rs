//! The program `serving`, as its image has it: what a request, a start, a fit and an idle hour cost.
//!
//! Servers have core 0 and the load has core 1. What is compared runs by turns, and ratios are taken turn by turn.

mod data;
mod drift;
mod forest;
mod load;
mod page;
mod peer;
mod process;
mod program;
mod requests;
mod soak;
mod start;

use anyhow::Result;
pub use load::send;
pub use page::measure as page;
pub use soak::soak;

use self::program::Program;
use crate::table::{Row, Table};

/// The key of all servers here.
const KEY: &str = "0123456789abcdef0123456789abcdef";

/// How long to measure.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How often each load is made, and each small thing run.
    pub rounds: usize,
    /// How long each load lasts.
    pub seconds: u32,
}

/// All figures of the program.
pub fn measure(effort: Effort) -> Result<Table> {
    let program = Program::prepare()?;
    let mut table = Table::default();
    requests::compare(&program, effort, &mut table)?;
    forest::measure(&program, effort, &mut table)?;
    drift::measure(&program, effort, &mut table)?;
    start::from_cache(&program, &mut table)?;
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let image = program.image as f64 / 1e6;
    table.push(Row::new("image", 1).measured(image, "MB").target(12.0));
    Ok(table)
}
