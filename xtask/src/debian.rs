//! Programs from Debian's packages.

use std::{path::Path, process::Command, sync::OnceLock};

use anyhow::{Context, Result, bail};

use crate::run;

/// Installs `package` if `program` is not in the PATH.
pub fn program(program: &str, package: &str) -> Result<()> {
    if run::find(program).is_some() { Ok(()) } else { install(package) }
}

/// PostgreSQL keeps its programs out of the PATH.
pub fn postgres() -> Result<()> {
    if run::find("initdb").is_some() || newest_postgres().is_some() { Ok(()) } else { install("postgresql") }
}

fn newest_postgres() -> Option<String> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let with = versions.filter(|version| version.path().join("bin/initdb").is_file());
    with.filter_map(|version| version.file_name().into_string().ok()).max()
}

/// Whether the lists of packages are fresh; asked for once a run.
static UPDATED: OnceLock<bool> = OnceLock::new();

/// Installs packages; needs root, or sudo without a password.
pub fn install(package: &str) -> Result<()> {
    if !Path::new("/usr/bin/apt-get").is_file() {
        bail!("install it with your system's package manager (Debian: apt-get install {package})");
    }
    run::say(&format!("apt-get install {package}"));
    let apt = |arguments: &[&str]| {
        let root = run::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            command.args(["-n", "apt-get"]);
        }
        run::output(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive")).map(drop)
    };
    if !UPDATED.get_or_init(|| apt(&["update", "-q"]).is_ok()) {
        bail!("apt-get update failed; run `apt-get install {package}` yourself");
    }
    apt(&["install", "-y", "-q", "--no-install-recommends", package])
        .with_context(|| format!("run `apt-get install {package}` yourself"))
}
