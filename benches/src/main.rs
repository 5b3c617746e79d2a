//! Measures mlstack the way its users meet it: as a process that starts, compiles, writes and ends.
//!
//! Wall-clock time depends on whatever else the machine does. CPU time depends on it far less (a quarter
//! more when every core is busy), and it is what a battery and a CI bill see. So every figure is CPU
//! time, user and system, of the process and of all that it started and waited for. A missed target is
//! printed and no failure, because a slower or busier machine is no mistake in the code.
//!
//! Architecture invariant: nothing of mlstack is linked in here. What is measured is what is installed.

mod compile;
mod cost;
mod edit;
mod peer;
mod places;
mod project;
mod rebuild;
mod table;

use std::{env, process::ExitCode};

use anyhow::{Result, bail};

use crate::{cost::RUNS, places::Places, table::Table};

const HELP: &str = "\
Measures mlstack: CPU seconds of whole processes, peak memory, and ratios to a peer

Usage: cargo run --release -q -p benches [-- --cold]

Options:
      --cold  Also build a copy of the workspace from nothing and time the edit of a component (minutes)
  -h, --help  Print help

The table goes to stdout, progress to stderr. The exit code is 0 whether targets are reached or missed,
2 if something could not be measured.";

enum Asked {
    Help,
    Measure { cold: bool },
}

fn main() -> ExitCode {
    let outcome = asked().and_then(|asked| match asked {
        Asked::Help => {
            println!("{HELP}");
            Ok(())
        }
        Asked::Measure { cold } => measure(cold),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn asked() -> Result<Asked> {
    let mut cold = false;
    for argument in env::args_os().skip(1) {
        match argument.to_str() {
            Some("--cold") => cold = true,
            Some("-h" | "--help") => return Ok(Asked::Help),
            _ => bail!("unknown argument {}\n\nhint: --help lists those there are", argument.display()),
        }
    }
    Ok(Asked::Measure { cold })
}

fn measure(cold: bool) -> Result<()> {
    let places = Places::prepare()?;
    let mut table = Table::default();
    compile::local(&places, &mut table)?;
    let hundred = compile::generated(&places, &mut table)?;
    peer::kustomize(&places, &hundred, &mut table)?;
    edit::environment(&places, &mut table)?;
    if cold {
        rebuild::component(&places, &mut table)?;
    } else {
        step("left out: cold build and edit of a component, which take minutes; --cold includes them");
    }
    println!("medians of {RUNS} runs unless the table says otherwise\n\n{table}");
    Ok(())
}

/// Tells whoever waits what they are waiting for.
fn step(text: &str) {
    eprintln!("{text}");
}
