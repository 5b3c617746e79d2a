//! Set-up, tests and checks of the repository: `cargo xtask test` does everything on a bare machine.

mod check;
mod crds;
mod debian;
mod go;
mod python;
mod run;
mod suite;
mod tools;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Result, bail};

const HELP: &str = "\
Usage: cargo xtask <COMMAND>

Commands:
  test   Everything: formatting, lints, documentation, all tests, other people's judges
  check  Formatting, lints with warnings denied, documentation
  tools  Bring the tools that the judges need, each only if it is missing
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["test"] => test(),
        ["check"] => check::check(),
        ["tools"] => tools::bring(),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => bail!("unknown command\n\n{HELP}"),
    }
}

fn test() -> Result<()> {
    check::check()?;
    tools::bring()?;
    run::say("all tests, the judges too");
    suite::run()
}

/// The folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// Where tools are installed. It survives `git clean` of sources and goes with `cargo clean`.
fn installed() -> PathBuf {
    root().join("target/tools")
}
