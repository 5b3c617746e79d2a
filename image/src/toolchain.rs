//! Cargo, the compiler, and the workspace they stand in.

use std::{env, process::Command};

use cargo_metadata::{Metadata, MetadataCommand, Package};

use crate::failure::Failure;

/// What the program is built with and from.
#[derive(Debug)]
pub struct Toolchain {
    /// The workspace, and every package that it needs on this machine.
    pub workspace: Metadata,
    /// The target that the compiler runs on and that we build for.
    pub host: String,
    /// The compiler's version.
    pub release: String,
    /// The commit that the compiler was built from.
    pub commit: String,
    /// Where the standard library is.
    pub sysroot: String,
    /// The version of the C library, where it is GNU's.
    pub glibc: Option<String>,
}

impl Toolchain {
    /// Asks cargo and the compiler; the workspace is that of the current folder.
    pub fn find() -> Result<Self, Failure> {
        let rustc = |arguments: &[&str]| {
            let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
            let output = Command::new(&rustc).args(arguments).output();
            let output = output.map_err(|error| Failure::Start { program: rustc, error })?;
            if output.status.success() {
                Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
            } else {
                Err(Failure::Failed("rustc"))
            }
        };
        let version = rustc(&["-vV"])?;
        let libc = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok();
        let line = |key: &str| {
            version
                .lines()
                .find_map(|line| line.strip_prefix(key))
                .map(str::to_owned)
                .ok_or(Failure::Failed("rustc -vV"))
        };
        let host = line("host: ")?;
        let options = ["--locked", "--filter-platform", &host].map(str::to_owned);
        Ok(Self {
            workspace: MetadataCommand::new().other_options(options).exec()?,
            release: line("release: ")?,
            commit: line("commit-hash: ")?,
            sysroot: rustc(&["--print", "sysroot"])?,
            glibc: libc
                .and_then(|libc| Some(String::from_utf8(libc.stdout).ok()?.trim().strip_prefix("glibc ")?.to_owned())),
            host,
        })
    }

    /// The package that is served with.
    pub fn serving(&self) -> Result<&Package, Failure> {
        let found = self.workspace.workspace_packages().into_iter().find(|package| package.name.as_str() == "serving");
        found.ok_or_else(|| Failure::description("the workspace has no package `serving`"))
    }
}

/// The cargo that runs us, or that of the PATH.
pub fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}
