//! A server while it runs: what it has used so far, by the kernel's count.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use ureq::Agent;

/// The core of servers; the load has another.
const CORE: &str = "0";
/// `/proc` counts time in these.
const TICKS_PER_SECOND: f64 = 100.0;
/// Servers that have not answered by then never will.
const PATIENCE: Duration = Duration::from_mins(1);

/// A process on a core of its own, ended when it is dropped.
pub struct Process {
    child: Child,
    port: u16,
}

impl Process {
    /// Starts `command`, which will listen on `port`.
    pub fn start(command: &Command, port: u16) -> Result<Self> {
        let mut pinned = Command::new("taskset");
        pinned.args(["--cpu-list", CORE]).arg(command.get_program()).args(command.get_args());
        pinned.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let child = pinned.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Ok(Self { child: child.context("cannot start taskset; it comes with util-linux")?, port })
    }

    /// Waits until `path` is answered with 200, and says how long that took.
    pub fn wait(&mut self, path: &str) -> Result<Duration> {
        let (start, url, agent) = (Instant::now(), self.url(path), agent());
        while start.elapsed() < PATIENCE {
            if agent.get(&url).call().is_ok() {
                return Ok(start.elapsed());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("a server ended with {status} before it answered {path}");
            }
            sleep(Duration::from_micros(500));
        }
        bail!("a server did not answer {path} within {} s", PATIENCE.as_secs())
    }

    /// An address of it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// CPU seconds so far, user and system, of all its threads.
    pub fn cpu(&self) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name, in parentheses, may hold anything; utime and stime are the 14th and 15th field.
        let fields = text.rsplit_once(") ").map(|(_, fields)| fields.split(' ').skip(11).take(2));
        let ticks = fields.context("/proc has no stat of a server")?.map(str::parse::<u32>);
        Ok(f64::from(ticks.sum::<Result<u32, _>>()?) / TICKS_PER_SECOND)
    }

    /// Memory that it holds now, in KiB.
    pub fn memory(&self) -> Result<f64> {
        self.status("VmRSS:")
    }

    /// The most memory that it ever held, in KiB.
    pub fn peak(&self) -> Result<f64> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let field = text.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB"));
        field.with_context(|| format!("/proc has no {name} of a server"))?.parse().context("/proc says no number")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Asks without keeping connections, so that every question meets the server anew.
pub fn agent() -> Agent {
    Agent::config_builder().max_idle_connections(0).timeout_global(Some(PATIENCE)).build().into()
}
