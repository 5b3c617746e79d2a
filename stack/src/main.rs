//! The command line `mlstack`.

use std::process::ExitCode;

use clap::Parser;
use stack::commands::{Cli, run};

fn main() -> ExitCode {
    run(&Cli::parse())
}
