//! A real PostgreSQL runs the script of the manifests, and the roles can do what they are for.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;
use tests::{
    manifests::{items, map, objects, pod, text},
    repository,
};

use crate::{
    servers::{Server, free_port},
    tools::{run, tool},
};

/// Passwords with everything that could need quoting.
const PASSWORD: &str = "it's \"a\" \\pass$word; -- é {{x}} :'y' ";

/// A server on loopback whose databases the manifests' own script made.
pub struct Postgres {
    _server: Server,
    folder: TempDir,
    /// Its port.
    pub port: u16,
}

/// PostgreSQL refuses to run as root, so root becomes somebody else.
fn as_nobody(program: &Path) -> Command {
    let root = run(Command::new("id").arg("-u")).stdout == b"0\n";
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(program);
    command
}

impl Postgres {
    /// Starts a server as the container would, with the script of `out/local`.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("a mode");
        let (data, port) = (folder.path().join("data"), free_port());
        let made = run(as_nobody(&tool("initdb")).arg("--pgdata").arg(&data).args([
            "--username=postgres",
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
        ]));
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let log = folder.path().join("log");
        let mut command = as_nobody(&tool("postgres"));
        command.arg("-D").arg(&data).args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k"]).arg(folder.path());
        let mut server = Server::start(&mut command, &log);
        let socket = folder.path().to_string_lossy().into_owned();
        server.wait("postgres", &log, 60, || {
            run(Command::new(tool("pg_isready")).args(["--host", &socket, "--port", &port.to_string()]))
                .status
                .success()
        });
        let postgres = Self { _server: server, folder, port };
        postgres.initialise();
        postgres
    }

    /// Runs the scripts as the image's entry point does, with the variables of the container.
    fn initialise(&self) {
        let manifest =
            fs::read_to_string(repository().join("out/local/010-postgres.yaml")).expect("the manifest is there");
        let objects = objects([&manifest]);
        let scripts =
            objects.iter().find(|object| text(object, &["kind"]) == "ConfigMap").map(|config| map(config, &["data"]));
        let scripts: BTreeMap<String, String> = scripts.expect("the script is there");
        assert_eq!(scripts.len(), 1);
        let container =
            objects.iter().find_map(pod).and_then(|pod| items(pod, &["containers"]).next()).expect("a container");
        let variables = items(container, &["env"]).filter_map(|variable| {
            let key = text(variable, &["valueFrom", "secretKeyRef", "key"]);
            (!key.is_empty()).then(|| (text(variable, &["name"]).to_owned(), value(key)))
        });
        let variables: Vec<_> = variables.collect();
        let file = self.folder.path().join("init.sql");
        for script in scripts.values() {
            fs::write(&file, script).expect("a file");
            let mut psql = Command::new(tool("psql"));
            psql.args([
                "--set=ON_ERROR_STOP=1",
                "--no-psqlrc",
                "--no-password",
                "--username=postgres",
                "--dbname=postgres",
            ]);
            psql.arg("--host")
                .arg(self.folder.path())
                .arg("--port")
                .arg(self.port.to_string())
                .arg("--file")
                .arg(&file);
            let done = run(psql.envs(variables.clone()));
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
    }

    /// Runs a statement by TCP, as a client of the manifests would.
    pub fn query(&self, user: &str, database: &str, statement: &str) -> Output {
        let mut psql = Command::new(tool("psql"));
        psql.args(["--no-psqlrc", "--no-password", "--tuples-only", "--command", statement]);
        psql.arg(format!("postgresql://127.0.0.1:{}/{database}", self.port));
        run(psql.env("PGUSER", user).env("PGPASSWORD", PASSWORD))
    }
}

/// What the Secret would hold: names are known, passwords are nasty.
pub fn value(key: &str) -> String {
    key.strip_suffix("_USER").map_or_else(|| PASSWORD.to_owned(), str::to_lowercase)
}

#[test]
fn each_role_owns_its_database_and_sees_no_other() {
    let postgres = Postgres::start();
    for (own, other) in [("mlflow", "predictions"), ("predictions", "mlflow")] {
        let made = postgres.query(own, own, "CREATE TABLE t (x int); INSERT INTO t VALUES (1); SELECT count(*) FROM t");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let refused = postgres.query(own, other, "SELECT 1");
        assert!(
            !refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("permission denied"),
            "{refused:?}"
        );
    }
    let wrong = run(Command::new(tool("psql"))
        .env("PGPASSWORD", "wrong")
        .arg(format!("postgresql://mlflow@127.0.0.1:{}/mlflow", postgres.port)));
    assert!(!wrong.status.success());
}
