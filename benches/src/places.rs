//! Where the sources, the binaries and the tools are.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{cost::run, step};

/// Everything that is measured, found or built before the first measurement.
pub struct Places {
    /// The workspace's root.
    pub workspace: PathBuf,
    /// `mlstack` as it is installed.
    pub release: PathBuf,
    /// `mlstack` as `cargo build-manifests` runs it.
    pub debug: PathBuf,
    target: PathBuf,
    /// Keeps the binaries until the end.
    _binaries: TempDir,
}

impl Places {
    /// Builds both binaries.
    pub fn prepare() -> Result<Self> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("this package lies in no workspace")?;
        // This binary is <target>/<profile>/benches, whatever the target folder is called here.
        let here = env::current_exe()?;
        let target = here.ancestors().nth(2).context("this binary lies in no target folder")?;
        let binaries = TempDir::new()?;
        let build = |profile: &str| -> Result<PathBuf> {
            step(&format!("building mlstack ({profile})"));
            let mut cargo = Command::new("cargo");
            cargo.args(["build", "--quiet", "--package", "stack"]).arg("--target-dir").arg(target);
            run(cargo.current_dir(workspace).args((profile == "release").then_some("--release")))?;
            // A copy of our own: another build must not replace the binary between two runs.
            let copy = binaries.path().join(format!("mlstack-{profile}"));
            fs::copy(target.join(profile).join("mlstack"), &copy).context("cannot copy mlstack")?;
            Ok(copy)
        };
        Ok(Self {
            release: build("release")?,
            debug: build("debug")?,
            workspace: workspace.to_owned(),
            target: target.to_owned(),
            _binaries: binaries,
        })
    }

    /// `kubectl`, the system's or else ours.
    pub fn kubectl(&self) -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = env::split_paths(&path).chain([self.target.join("tools/bin")]);
        folders.map(|folder| folder.join("kubectl")).find(|file| file.is_file())
    }
}
