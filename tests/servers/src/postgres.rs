//! A PostgreSQL of the test's own.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::{Server, free_port, run, tool};

/// A cluster on loopback, its superuser `postgres` trusted on the socket, everyone else asked for a password.
pub struct Postgres {
    server: Option<Server>,
    folder: TempDir,
    port: u16,
}

/// PostgreSQL refuses to run as root, so root becomes somebody else.
pub fn as_nobody(program: &Path) -> Command {
    let root = run(Command::new("id").arg("-u")).stdout == b"0\n";
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(program);
    command
}

impl Postgres {
    /// Makes a cluster and starts it.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("a mode");
        let made = run(as_nobody(&tool("initdb")).arg("--pgdata").arg(folder.path().join("data")).args([
            "--username=postgres",
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "--no-sync",
        ]));
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut postgres = Self { server: None, folder, port: free_port() };
        postgres.restart();
        postgres
    }

    /// Ends the server at once, as a lost node would; its data stay.
    pub fn kill(&mut self) {
        let id = self.server.as_ref().map_or(0, Server::id);
        let backends = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        self.server = None;
        // Each is a group of its own, and while one of them lives, no other server may have its memory.
        for backend in backends.split_whitespace() {
            let _ = Command::new("kill").args(["-KILL", backend]).stderr(Stdio::null()).status();
            while fs::read_to_string(format!("/proc/{backend}/stat")).is_ok_and(|stat| !stat.contains(") Z ")) {
                thread::sleep(Duration::from_millis(1));
            }
        }
        // A killed postmaster leaves its lock behind, and the next one asks whether its process lives.
        let _ = fs::remove_file(self.folder.path().join("data/postmaster.pid"));
    }

    /// Starts the server where it was, on the same port.
    pub fn restart(&mut self) {
        self.kill();
        let (data, log, port) =
            (self.folder.path().join("data"), self.folder.path().join("log"), self.port.to_string());
        let mut command = as_nobody(&tool("postgres"));
        command.arg("-D").arg(&data).args(["-h", "127.0.0.1", "-p", &port, "-c", "fsync=off", "-k"]);
        command.arg(self.folder.path());
        let mut server = Server::start(&mut command, &log);
        server.wait("postgres", &log, 60, || {
            let mut ready = Command::new(tool("pg_isready"));
            run(ready.arg("--host").arg(self.folder.path()).args(["--port", &port])).status.success()
        });
        self.server = Some(server);
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// CPU seconds that the server used so far, of connections that have ended too.
    pub fn cpu_seconds(&self) -> f64 {
        let id = self.server.as_ref().map_or(0, Server::id);
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("Linux tells it");
        // Behind the name: user and system time, and those of children that have ended, in hundredths (proc_pid_stat(5)).
        let times = stat.rsplit(')').next().unwrap_or_default().split(' ').skip(12).take(4);
        times.filter_map(|time| time.parse::<f64>().ok()).sum::<f64>() / 100.0
    }

    /// The folder of its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// A role with a password, and a database of the same name that it owns.
    pub fn database(&self, name: &str, password: &str) {
        let quoted = password.replace('\'', "''");
        self.superuser("postgres", &format!("CREATE ROLE {name} LOGIN PASSWORD '{quoted}'"));
        self.superuser("postgres", &format!("CREATE DATABASE {name} OWNER {name}"));
    }

    /// Runs a statement as the superuser, and gives back its rows, one line each, columns separated by `|`.
    pub fn superuser(&self, database: &str, statement: &str) -> String {
        let mut psql = Command::new(tool("psql"));
        psql.args(["--no-psqlrc", "--tuples-only", "--no-align", "--username=postgres", "--dbname", database]);
        psql.arg("--host").arg(self.folder.path()).args(["--port", &self.port.to_string(), "--command", statement]);
        let done = run(&mut psql);
        assert!(done.status.success(), "{statement}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
    }

    /// Runs a statement by TCP, as a client would.
    pub fn query(&self, user: &str, password: &str, database: &str, statement: &str) -> Output {
        let mut psql = Command::new(tool("psql"));
        psql.args(["--no-psqlrc", "--no-password", "--tuples-only", "--command", statement]);
        psql.arg(format!("postgresql://127.0.0.1:{}/{database}", self.port));
        run(psql.env("PGUSER", user).env("PGPASSWORD", password))
    }
}
