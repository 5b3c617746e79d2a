//! Servers that tests start on loopback, and that end with the test.

use std::{
    fs::File,
    net::TcpListener,
    path::Path,
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

/// A running server; dropping it ends it.
pub struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Starts a program, its output in a file.
    pub fn start(command: &mut Command, log: &Path) -> Self {
        let out = File::create(log).expect("a log");
        command.stdout(out.try_clone().expect("a log")).stderr(out);
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
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// A port of loopback that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}
