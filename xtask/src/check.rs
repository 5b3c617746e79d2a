//! What a reviewer should not have to look for.

use anyhow::{Context, Result};

use crate::run::{cargo, run, say};

/// Every target of the workspace, the judges too.
const LINTS: [&str; 9] = [
    "clippy",
    "--workspace",
    "--all-targets",
    "--features",
    "tests/judges,serving-tests/judges",
    "--quiet",
    "--",
    "-D",
    "warnings",
];

/// Formatting, lints with warnings denied, documentation.
pub fn check() -> Result<()> {
    say("formatting");
    run(&mut cargo(&["fmt", "--all", "--check"]))
        .context("run `cargo fmt`, or `rustup component add rustfmt` if it is missing")?;
    say("lints");
    run(&mut cargo(&LINTS)).context("mend the lints, or `rustup component add clippy` if it is missing")?;
    say("documentation");
    run(cargo(&["doc", "--workspace", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"))
}
