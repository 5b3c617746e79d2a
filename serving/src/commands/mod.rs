//! The commands, one file each. Data goes to stdout, everything else to stderr; the exit code is 0 when all is
//! well, 1 when something that may come back is away, 2 for bad input or usage; `drift` has 1 for drift, and 3 for the former.

// Help texts are shown as they are written: backticks would be seen.
#![allow(clippy::doc_markdown, rustdoc::bare_urls)]

mod apis;
mod backup;
mod drift;
mod logging;
mod options;
mod patience;
mod promote;
mod register;
mod sample;
mod serve;
mod train;
mod ui;

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use documents::{Diagnostic, Style, render};

/// Trains machine-learning models, registers them, and serves them.
#[derive(Debug, Parser)]
#[command(name = "serving", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Train(train::Train),
    Register(register::Register),
    Serve(serve::Serve),
    Sample(sample::Sample),
    Drift(Box<drift::Drift>),
    Backup(backup::Backup),
    Ui(ui::Ui),
}

/// Why a command did not do what it was asked for.
#[derive(Debug)]
enum Trouble {
    /// Mistakes in files, with their places.
    Mistakes(Vec<Diagnostic>),
    /// Something that was given is wrong.
    Input(String),
    /// Something is away, and may come back.
    Away(String),
}

impl Trouble {
    fn input(error: impl std::fmt::Display) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<registry::Error> for Trouble {
    fn from(error: registry::Error) -> Self {
        if error.is_transient() { Self::Away(error.to_string()) } else { Self::Input(error.to_string()) }
    }
}

impl From<backups::Error> for Trouble {
    fn from(error: backups::Error) -> Self {
        if error.is_transient() { Self::Away(error.to_string()) } else { Self::Input(error.to_string()) }
    }
}

type Outcome = Result<(), Trouble>;

/// Runs the command that this process was called with, and says what went wrong.
pub fn main() -> ExitCode {
    // Of drift, 1 is an answer.
    let mut away = 1;
    let outcome = match Cli::parse().command {
        Command::Train(command) => command.run().map(|()| ExitCode::SUCCESS),
        Command::Register(command) => command.run().map(|()| ExitCode::SUCCESS),
        Command::Serve(command) => command.run().map(|()| ExitCode::SUCCESS),
        Command::Sample(command) => command.run().map(|()| ExitCode::SUCCESS),
        Command::Backup(command) => command.run().map(|()| ExitCode::SUCCESS),
        Command::Ui(command) => command.run().map(|()| ExitCode::SUCCESS),
        Command::Drift(command) => {
            away = 3;
            command.run()
        }
    };
    let (text, code) = match outcome {
        Ok(code) => return code,
        Err(Trouble::Mistakes(mistakes)) => (render(&mistakes, style()), 2),
        Err(Trouble::Input(error)) => (format!("error: {error}\n"), 2),
        Err(Trouble::Away(error)) => (format!("error: {error}\n"), away),
    };
    // Where stderr is closed there is nobody to tell; the exit code says it.
    let _ = io::stderr().write_all(text.as_bytes());
    ExitCode::from(code)
}

fn style() -> Style {
    // <https://no-color.org>
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted && io::stderr().is_terminal() { Style::Coloured } else { Style::Plain }
}

/// Data for the next program; where nobody reads it, it is not needed.
fn print(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// Something for people.
fn tell(text: &str) {
    // Where stderr is closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Runs `work` on a runtime of its own.
fn block_on<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let runtime = tokio::runtime::Runtime::new().map_err(Trouble::input)?;
    runtime.block_on(work)
}
