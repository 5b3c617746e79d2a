//! What a process costs.
//!
//! `wait4` is asked, and not a clock or `RUSAGE_CHILDREN`: it speaks of one child, descendants that it
//! waited for included, so that a `rustc` of an earlier step does not set the peak of a later one.

use std::{
    io::{Read, Seek},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use wait4::Wait4;

/// How often the small things are run.
pub const RUNS: usize = 20;

/// What one process cost, or the medians of several.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// CPU seconds, user and system.
    pub cpu: f64,
    /// The most memory it had at once, in KiB. Never less than the peak of this process, because a child
    /// starts as a copy of its parent: so nothing large is ever read in here.
    pub peak: f64,
}

/// Runs a process to its end and asks what it cost. Its stdout is dropped.
pub fn run(command: &mut Command) -> Result<Cost> {
    run_into(command, Stdio::null())
}

/// Like [`run`], with a place for its stdout.
pub fn run_into(command: &mut Command, stdout: Stdio) -> Result<Cost> {
    // A file, since nobody empties a pipe while the process runs.
    let mut said = tempfile::tempfile()?;
    let child = command
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(said.try_clone()?)
        .spawn()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let used = child.wait4()?;
    if !used.status.success() {
        let mut text = String::new();
        said.rewind()?;
        said.read_to_string(&mut text)?;
        bail!("{} ended with {}:\n\n{text}", command.get_program().display(), used.status);
    }
    let usage = used.rusage;
    let cpu: Duration = usage.utime + usage.stime;
    Ok(Cost { cpu: cpu.as_secs_f64(), peak: f64::from(u32::try_from(usage.maxrss / 1024)?) })
}

/// The medians of several runs.
pub fn median(runs: usize, mut run: impl FnMut() -> Result<Cost>) -> Result<Cost> {
    let costs = (0..runs).map(|_| run()).collect::<Result<Vec<Cost>>>()?;
    let of = |figure: fn(&Cost) -> f64| middle(costs.iter().map(figure).collect());
    Ok(Cost { cpu: of(|cost| cost.cpu), peak: of(|cost| cost.peak) })
}

/// The median of figures, of which there is at least one.
pub fn middle(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    f64::midpoint(figures[(figures.len() - 1) / 2], figures[figures.len() / 2])
}
