//! The forest by itself: predicting, explaining and fitting, by a program that does nothing else (`serving/forest/examples`).

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result};

use super::{Effort, program::Program};
use crate::{
    cost::{Cost, median, run},
    step,
    table::{Row, Table},
};

/// One row, a thousand rows, an explanation, a fit, a training.
pub fn measure(program: &Program, effort: Effort, table: &mut Table) -> Result<()> {
    let speed = Speed::build(program)?;
    step("walking and fitting trees");
    let forest = speed.said()?;
    let runs = effort.rounds;
    let one = speed.each("one", 200_000, runs)?;
    let row = Row::new(&format!("one row, {forest}"), runs);
    table.push(row.cost(one.whole).measured(one.seconds * 1e6, "µs").target(1.5));
    let thousand = speed.each("thousand", 300, runs)?;
    let row = Row::new("1000 rows in one call", runs);
    table.push(row.cost(thousand.whole).measured(thousand.seconds * 1e3, "ms").target(1.0));
    let explain = speed.each("explain", 100, runs)?;
    let row = Row::new("an explanation beside 100 background rows", runs);
    table.push(row.cost(explain.whole).measured(explain.seconds * 1e3, "ms").target(5.0));
    let fit = speed.each("fit", 10, runs)?;
    let row = Row::new("a fit on 768 rows", runs);
    table.push(row.cost(fit.whole).measured(fit.seconds, "s").target(0.02));

    let mut number = 0;
    let whole = median(runs, || {
        number += 1;
        program.train(&format!("registry-{number}"))
    })?;
    table.push(Row::new("serving train on 768 rows", runs).cost(whole).measured(whole.cpu, "s"));
    Ok(())
}

/// The program, and what it works on.
struct Speed<'p> {
    binary: PathBuf,
    program: &'p Program,
}

/// What one repetition costs.
struct Each {
    whole: Cost,
    seconds: f64,
}

impl<'p> Speed<'p> {
    fn build(program: &'p Program) -> Result<Self> {
        step("building the example speed of the forest");
        let target =
            std::env::current_exe()?.ancestors().nth(2).context("this binary lies in no target folder")?.to_owned();
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--quiet", "--release", "--package", "forest", "--example", "speed"]);
        run(cargo.arg("--target-dir").arg(&target).current_dir(&program.workspace))?;
        Ok(Self { binary: target.join("release/examples/speed"), program })
    }

    fn command(&self, what: &str, times: u32) -> Command {
        let mut command = Command::new(&self.binary);
        command.args([what, &times.to_string()]).arg(self.program.model_file()).arg(self.program.path("diabetes.csv"));
        command
    }

    /// How large the forest is.
    fn said(&self) -> Result<String> {
        let output = self.command("one", 0).output().context("cannot start the example speed")?;
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// What so many repetitions cost beyond none: starting, reading and the first fit are the same.
    fn each(&self, what: &str, times: u32, runs: usize) -> Result<Each> {
        let none = median(runs, || run(&mut self.command(what, 0)))?;
        let whole = median(runs, || run(&mut self.command(what, times)))?;
        Ok(Each { whole, seconds: (whole.cpu - none.cpu) / f64::from(times) })
    }
}
