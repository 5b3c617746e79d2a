//! A process that serves, and ends with the test.

use std::{
    fs::OpenOptions,
    net::TcpListener,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A running server; dropping it ends it.
pub struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // The whole group: servers start workers of their own, which would outlive them.
        let group = format!("-{}", self.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Starts a program; what it says is added to the file `log`.
    pub fn start(command: &mut Command, log: &Path) -> Self {
        let out = OpenOptions::new().create(true).append(true).open(log).expect("a log");
        command.stdout(out.try_clone().expect("a log")).stderr(out).process_group(0);
        Self(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    /// Waits until `ready` says so.
    pub fn wait(&mut self, what: &str, log: &Path, seconds: u64, mut ready: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(seconds);
        while !ready() {
            let ended = self.0.try_wait().expect("a status");
            let said = || std::fs::read_to_string(log).unwrap_or_default();
            assert!(ended.is_none(), "{what} ended with {ended:?}:\n{}", said());
            assert!(Instant::now() < end, "{what} is not ready after {seconds} s:\n{}", said());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Asks it to end, as the kubelet does.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// Asks it to end, as Ctrl-C does.
    pub fn interrupt(&self) {
        self.signal("INT");
    }

    fn signal(&self, name: &str) {
        let killed = Command::new("kill").arg("-s").arg(name).arg(self.id().to_string()).status();
        assert!(killed.is_ok_and(|status| status.success()), "kill -s {name} {}", self.id());
    }

    /// Waits until it has ended by itself.
    pub fn ended(&mut self, seconds: u64) -> ExitStatus {
        let end = Instant::now() + Duration::from_secs(seconds);
        loop {
            if let Some(status) = self.0.try_wait().expect("a status") {
                return status;
            }
            assert!(Instant::now() < end, "the process still runs after {seconds} s");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// A port of loopback that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}
