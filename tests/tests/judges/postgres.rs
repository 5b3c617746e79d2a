//! A real PostgreSQL runs the script of the manifests, and the roles can do what they are for.

use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Output},
};

use tests::{
    manifests::{items, map, objects, pod, text},
    repository,
};

use crate::tools::{run, tool};

/// Passwords with everything that could need quoting.
const PASSWORD: &str = "it's \"a\" \\pass$word; -- é {{x}} :'y' ";

/// A server on loopback whose databases the manifests' own script made.
pub struct Postgres(servers::Postgres);

impl Postgres {
    /// Starts a server as the container would, with the script of `out/local`.
    pub fn start() -> Self {
        let postgres = Self(servers::Postgres::start());
        postgres.initialise();
        postgres
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.0.port()
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
        let file = self.0.socket().join("init.sql");
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
            psql.arg("--host").arg(self.0.socket()).arg("--port").arg(self.port().to_string()).arg("--file").arg(&file);
            let done = run(psql.envs(variables.clone()));
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
    }

    /// Runs a statement by TCP, as a client of the manifests would.
    pub fn query(&self, user: &str, database: &str, statement: &str) -> Output {
        self.0.query(user, PASSWORD, database, statement)
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
        .arg(format!("postgresql://mlflow@127.0.0.1:{}/mlflow", postgres.port())));
    assert!(!wrong.status.success());
}
