//! The commands, one file each. Data goes to stdout, everything else to stderr; the exit code is 0 when
//! all is well, 1 for stale output, 2 for bad input or usage.

mod build;
mod from;
mod pin;
mod schema;
#[cfg(feature = "seal")]
mod seal;
mod secrets;
pub mod show;
mod table;

use std::{
    env,
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use documents::{Diagnostic, Style, render};

use crate::project::{Failure, Project};

/// Compiles typed descriptions of machine-learning stacks to plain Kubernetes manifests.
#[derive(Debug, Parser)]
#[command(name = "mlstack", version, max_term_width = 100)]
struct Cli {
    /// The project's folder, if it is not this one or one above it.
    #[arg(long, global = true, value_name = "DIR")]
    project: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Build),
    Show(show::Show),
    Pin(pin::Pin),
    Secrets(secrets::Secrets),
    #[cfg(feature = "seal")]
    Seal(seal::Seal),
    Schema(schema::Schema),
}

/// Why a command did not do what it was asked for.
#[derive(Debug)]
enum Trouble {
    /// Mistakes in files.
    Mistakes(Vec<Diagnostic>),
    /// Anything else.
    Failure(Failure),
    /// Whoever reads our output has gone away; there is nobody to tell.
    Nobody,
}

impl From<Vec<Diagnostic>> for Trouble {
    fn from(mistakes: Vec<Diagnostic>) -> Self {
        Self::Mistakes(mistakes)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

type Outcome = Result<ExitCode, Trouble>;

/// Runs the command that this process was called with, and says what went wrong.
pub fn main() -> ExitCode {
    let text = match dispatch(&Cli::parse()) {
        Ok(code) => return code,
        Err(Trouble::Nobody) => return ExitCode::SUCCESS,
        Err(Trouble::Mistakes(mistakes)) => render(&mistakes, style()),
        Err(Trouble::Failure(failure)) => format!("error: {failure}\n"),
    };
    // Where stderr is closed there is nobody to tell; the exit code says it.
    let _ = io::stderr().write_all(text.as_bytes());
    ExitCode::from(2)
}

fn dispatch(cli: &Cli) -> Outcome {
    let project = match &cli.project {
        Some(root) => Project::find(root)?,
        None => Project::find(&env::current_dir().map_err(Failure::io(
            "find",
            ".".as_ref(),
            "change to a folder that exists",
        ))?)?,
    };
    match &cli.command {
        Command::Build(command) => command.run(&project),
        Command::Show(command) => command.run(&project),
        Command::Pin(command) => command.run(&project),
        Command::Secrets(command) => command.run(&project),
        #[cfg(feature = "seal")]
        Command::Seal(command) => command.run(&project),
        Command::Schema(command) => command.run(&project),
    }
}

fn style() -> Style {
    // <https://no-color.org>
    let wanted = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted && io::stderr().is_terminal() { Style::Coloured } else { Style::Plain }
}

/// Data for the next program.
fn print(text: &str) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Trouble::Nobody),
        other => Ok(other.map_err(Failure::io("write to", "stdout".as_ref(), "check where the output goes"))?),
    }
}

/// Something for people.
fn tell(text: &str) {
    // Where stderr is closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "{text}");
}
