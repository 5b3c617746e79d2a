//! An MLflow tracking server of the test's own.

use std::{fs, path::Path, process::Command, thread};

use tempfile::TempDir;

use crate::{Postgres, Server, free_port, repository};

/// A tracking server on loopback that proxies its artifacts.
pub struct Mlflow {
    server: Option<Server>,
    folder: TempDir,
    version: String,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    port: u16,
}

impl Drop for Mlflow {
    fn drop(&mut self) {
        // Its clients are told no more than 500.
        if thread::panicking() {
            eprintln!("{}", fs::read_to_string(self.folder.path().join("log")).unwrap_or_default());
        }
    }
}

impl Mlflow {
    /// Starts `version` (`2.17.2` or `3.17.2`) on a database `mlflow` of this PostgreSQL, which is made for it.
    pub fn start(version: &str, postgres: &Postgres) -> Self {
        postgres.database("mlflow", "mlflow");
        let backend = format!("postgresql+psycopg2://mlflow:mlflow@127.0.0.1:{}/mlflow", postgres.port());
        let folder = tempfile::tempdir().expect("a folder");
        let artifacts = folder.path().join("artifacts").to_string_lossy().into_owned();
        let arguments = [
            "--workers=1",
            "--serve-artifacts",
            "--backend-store-uri",
            &backend,
            "--artifacts-destination",
            &artifacts,
        ];
        let stated = [
            ("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false"),
            ("MLFLOW_DISABLE_TELEMETRY", "true"),
            ("DO_NOT_TRACK", "true"),
        ];
        let variables = stated.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self::started(folder, version, arguments.map(str::to_owned).into(), variables)
    }

    /// Starts it with these arguments beside its address, and these variables.
    pub fn with(version: &str, arguments: Vec<String>, variables: Vec<(String, String)>) -> Self {
        Self::started(tempfile::tempdir().expect("a folder"), version, arguments, variables)
    }

    fn started(folder: TempDir, version: &str, arguments: Vec<String>, variables: Vec<(String, String)>) -> Self {
        let version = version.to_owned();
        let mut mlflow = Self { server: None, folder, version, arguments, variables, port: free_port() };
        mlflow.restart();
        mlflow
    }

    /// Ends the server; runs, versions and artifacts stay.
    pub fn kill(&mut self) {
        self.server = None;
    }

    /// Starts it where it was, on the same port.
    pub fn restart(&mut self) {
        self.kill();
        let bin = repository().join(format!("target/tools/mlflow-{}/bin", self.version));
        assert!(bin.join("mlflow").is_file(), "MLflow {} is missing: run `cargo xtask tools`", self.version);
        let port = self.port.to_string();
        let mut command = Command::new(bin.join("mlflow"));
        command.args(["server", "--host=127.0.0.1", "--port", &port]).args(&self.arguments).env_clear();
        // The server starts its own Python by name.
        command
            .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .envs(self.variables.iter().map(|(k, v)| (k, v)));
        command.env("HOME", self.folder.path()).current_dir(self.folder.path());
        let log = self.folder.path().join("log");
        let mut server = Server::start(&mut command, &log);
        let health = format!("{}/health", self.url());
        server.wait("mlflow", &log, 180, || ureq::get(&health).call().is_ok());
        self.server = Some(server);
    }

    /// Where clients find it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its artifacts.
    pub fn artifacts(&self) -> std::path::PathBuf {
        let folder = self.folder.path().join("artifacts");
        let _ = fs::create_dir(&folder);
        folder
    }

    /// A Python program of the same virtual environment, told where the server is.
    pub fn python(&self, script: &Path) -> Command {
        let mut command = Command::new(repository().join(format!("target/tools/mlflow-{}/bin/python", self.version)));
        command.arg(script).env("MLFLOW_TRACKING_URI", self.url()).env("MLFLOW_DISABLE_TELEMETRY", "true");
        command.env("DO_NOT_TRACK", "true").current_dir(self.folder.path());
        command
    }
}
