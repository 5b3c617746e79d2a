//! Measures mlstack the way its users meet it: as a process that starts, compiles, writes and ends.
//!
//! Wall-clock time depends on whatever else the machine does. CPU time depends on it far less (a quarter
//! more when every core is busy), and it is what a battery and a CI bill see. So every figure is CPU
//! time, user and system, of the process and of all that it started and waited for. A missed target is
//! printed and no failure, because a slower or busier machine is no mistake in the code. Memory that grows is
//! one, and fails `soak`.
//!
//! Architecture invariant: nothing of mlstack is linked in here. What is measured is what is installed.

mod compile;
mod cost;
mod edit;
mod peer;
mod places;
mod project;
mod rebuild;
mod serving;
mod table;

use std::{env, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};

use crate::{cost::RUNS, places::Places, serving::Effort, table::Table};

const HELP: &str = "\
Measures mlstack: CPU seconds of whole processes, peak memory, and ratios to a peer

Usage: cargo run --release -q -p benches [-- --cold | serving [--quick] | page | soak [REQUESTS]]

Commands:
               What compiling manifests costs
  serving      What training and serving cost, beside FastAPI with onnxruntime (needs python3, two cores)
  page         What the web page costs, by itself and in a browser (needs Chromium)
  soak         A million requests, or so many: the exit code is 2 if memory grows or exceeds 20 MB

Options:
      --cold   Also build a copy of the workspace from nothing and time the edit of a component (minutes)
      --quick  Fewer and shorter rounds: a first look, not a judgement
  -h, --help   Print help

Tables go to stdout, progress to stderr. The exit code is 0 whether targets are reached or missed,
2 if something could not be measured.";

enum Asked {
    Help,
    Manifests {
        cold: bool,
    },
    Serving(Effort),
    Page,
    Soak(u32),
    /// Asked by ourselves, for the load in a process of its own: address, path, seconds, and a file of bodies.
    Load(String, String, u32, Option<PathBuf>),
}

fn main() -> ExitCode {
    let outcome = asked().and_then(|asked| match asked {
        Asked::Help => {
            println!("{HELP}");
            Ok(())
        }
        Asked::Manifests { cold } => manifests(cold),
        Asked::Serving(effort) => {
            let table = serving::measure(effort)?;
            println!("medians; loads of {} s by turns, each of 16 connections\n\n{table}", effort.seconds);
            Ok(())
        }
        Asked::Page => {
            println!("medians\n\n{}", serving::page()?);
            Ok(())
        }
        Asked::Soak(requests) => serving::soak(requests),
        Asked::Load(address, path, seconds, bodies) => {
            println!("{}", serving::send(&address, &path, seconds, bodies.as_deref())?);
            Ok(())
        }
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
    let arguments: Vec<_> = env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    Ok(match *arguments {
        [] => Asked::Manifests { cold: false },
        ["--cold"] => Asked::Manifests { cold: true },
        ["serving"] => Asked::Serving(Effort { rounds: 7, seconds: 4 }),
        ["serving", "--quick"] => Asked::Serving(Effort { rounds: 3, seconds: 2 }),
        ["page"] => Asked::Page,
        ["soak"] => Asked::Soak(1_000_000),
        ["soak", requests] => Asked::Soak(requests.parse().context("the number of requests is no number")?),
        ["load", address, path, seconds, ref bodies @ ..] => {
            Asked::Load(address.to_owned(), path.to_owned(), seconds.parse()?, bodies.first().map(PathBuf::from))
        }
        _ if arguments.iter().any(|argument| ["-h", "--help"].contains(argument)) => Asked::Help,
        _ => bail!("cannot measure {}\n\nhint: --help lists what can be", arguments.join(" ")),
    })
}

fn manifests(cold: bool) -> Result<()> {
    let places = Places::prepare()?;
    let mut table = Table::default();
    compile::own(&places, &mut table)?;
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
