//! Load: wrk, on a core of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use super::KEY;

/// Connections that ask at the same time, each again as soon as it is answered.
const CONNECTIONS: &str = "16";
/// The core of the load; servers have core 0.
const CORE: &str = "1";

/// What is asked.
pub struct Load {
    script: PathBuf,
    bodies: PathBuf,
}

impl Load {
    /// Load of these bodies, a line each; its files go into `folder`.
    pub fn new(folder: &Path, bodies: &str) -> Result<Self> {
        let load = Self { script: folder.join("load.lua"), bodies: folder.join("bodies") };
        fs::write(&load.script, include_str!("load.lua"))?;
        fs::write(&load.bodies, bodies)?;
        Ok(load)
    }

    /// Posts the bodies to `url` for so many seconds, and counts the answers.
    pub fn post(&self, url: &str, seconds: u32) -> Result<u32> {
        self.run(url, seconds, Some(&self.bodies))
    }

    /// Asks for `url` for so many seconds, and counts the answers.
    pub fn get(&self, url: &str, seconds: u32) -> Result<u32> {
        self.run(url, seconds, None)
    }

    fn run(&self, url: &str, seconds: u32, bodies: Option<&Path>) -> Result<u32> {
        let mut wrk = Command::new("taskset");
        wrk.args(["--cpu-list", CORE, "wrk", "--threads", "1", "--connections", CONNECTIONS]);
        wrk.arg("--duration").arg(format!("{seconds}s")).arg("--script").arg(&self.script);
        wrk.arg(url).arg("--").args(bodies).env("API_KEY", KEY);
        let output = wrk.output().context("cannot start taskset; it comes with util-linux")?;
        let text = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("cannot make load: {}\n\nhint: apt-get install wrk; two cores are needed", said.trim());
        }
        let counts = text.lines().find_map(|line| line.strip_prefix("done ")?.split_once(" failed "));
        let (done, failed) = counts.with_context(|| format!("wrk said something else than before: {text}"))?;
        ensure!(failed == "0", "{failed} of {done} requests to {url} failed");
        done.parse().context("wrk counted something that is no number")
    }
}
