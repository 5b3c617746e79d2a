//! What a reviewer should not have to look for.

use std::process::Command;

use anyhow::{Context, Result};

use crate::{root, run};

/// Formatting, lints with warnings denied, documentation.
pub fn check() -> Result<()> {
    run::say("formatting");
    run::cargo(&["fmt", "--all", "--check"])
        .context("run `cargo fmt`, or `rustup component add rustfmt` if it is missing")?;
    run::say("lints");
    run::cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        "tests/judges",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ])
    .context("mend the lints, or `rustup component add clippy` if it is missing")?;
    run::say("documentation");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut doc = Command::new(cargo);
    doc.args(["doc", "--workspace", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings").current_dir(root());
    run::run(&mut doc)
}
