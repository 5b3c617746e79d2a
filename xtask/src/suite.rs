//! All tests, and their sum: Cargo prints a line per binary, most of which have none.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use anyhow::{Context, Result, ensure};

use crate::run::cargo;

/// Runs every test of the workspace, shows what Cargo shows, and closes with the sum.
pub fn run() -> Result<()> {
    let mut command =
        cargo(&["test", "--workspace", "--no-fail-fast", "--features", "tests/judges,serving-tests/judges"]);
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot run cargo")?;
    let out = child.stdout.take().context("cargo has no output")?;
    let (mut passed, mut failed) = (0, 0);
    for line in BufReader::new(out).lines() {
        let line = line?;
        println!("{line}");
        if let Some((ok, bad)) = result(&line) {
            (passed, failed) = (passed + ok, failed + bad);
        }
    }
    let status = child.wait()?;
    println!("\n{passed} passed, {failed} failed");
    ensure!(status.success(), "tests failed");
    ensure!(passed > 0, "no test ran");
    Ok(())
}

/// Passed and failed of `test result: ok. 53 passed; 0 failed; …`.
fn result(line: &str) -> Option<(u32, u32)> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let mut numbers = counts.split("; ").map(|part| part.split(' ').next()?.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_of_the_runner_is_understood() {
        let line = "test result: FAILED. 50 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 2.92s";
        assert_eq!(super::result(line), Some((50, 1)));
        assert_eq!(super::result("running 3 tests"), None);
    }
}
