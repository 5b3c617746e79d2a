//! Other programs, with what they did and said where it went wrong.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::root;

/// One line of progress.
pub fn say(what: &str) {
    eprintln!("xtask: {what}");
}

/// Runs a program, its output going where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().with_context(|| format!("cannot run `{shown}`"))?;
    if status.success() { Ok(()) } else { bail!("`{shown}` failed ({status})") }
}

/// Runs a program and gives back what it printed; what it said is shown only if it fails.
pub fn output(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let done = command.output().with_context(|| format!("cannot run `{shown}`"))?;
    if !done.status.success() {
        bail!("`{shown}` failed ({})\n{}", done.status, String::from_utf8_lossy(&done.stderr));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Cargo in the repository: the one that runs us, whatever the PATH says.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).current_dir(root());
    cargo
}

/// A program of the PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| is_program(file))
}

/// Whether a file is there and not empty.
pub fn is_program(file: &Path) -> bool {
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.len() > 0)
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
