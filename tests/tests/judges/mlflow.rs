//! A real MLflow server runs with the very flags and variables of the manifests, on a real PostgreSQL.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use servers::{Server, free_port};
use tests::{
    manifests::{items, objects, pod, text},
    repository,
    texts::Texts,
};

use crate::postgres::{self, Postgres};

struct Mlflow {
    _server: Server,
    port: u16,
    elsewhere: PathBuf,
}

impl Mlflow {
    /// Starts `version` as its container would, with what differs on this machine replaced.
    fn start(version: &str, postgres: &Postgres, folder: &Path) -> Self {
        let local = fs::read_to_string(repository().join("environments/local.yaml")).expect("local is there");
        let artifacts = Texts::with(local.replace("version: 3.17.2", &format!("version: {version}")))
            .compile()
            .expect("it is right");
        let objects = objects([&artifacts.compiled.files["020-mlflow.yaml"]]);
        let container =
            objects.iter().find_map(pod).and_then(|pod| items(pod, &["containers"]).next()).expect("a container");
        let port = free_port();
        let here = |text: &str| {
            let path = folder.join("artifacts").to_string_lossy().into_owned();
            text.replace("0.0.0.0", "127.0.0.1")
                .replace("--port=5000", &format!("--port={port}"))
                .replace("/mlflow/artifacts", &path)
        };
        let words = |key: &str| items(container, &[key]).filter_map(|word| word.as_str()).map(here).collect::<Vec<_>>();
        let bin = repository().join(format!("target/tools/mlflow-{version}/bin"));
        let mut command = Command::new(bin.join(&words("command")[0]));
        assert!(bin.join("mlflow").is_file(), "MLflow {version} is missing: run `cargo xtask tools`");
        // Its root file system is read-only: what it would write beside its directories shows here.
        let elsewhere = folder.join("elsewhere");
        fs::create_dir(&elsewhere).expect("a folder");
        command.args(&words("command")[1..]).args(words("args")).current_dir(&elsewhere).env_clear();
        // The server starts its own Python by name.
        command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
        for variable in items(container, &["env"]) {
            let key = text(variable, &["valueFrom", "secretKeyRef", "key"]);
            let value = if key.is_empty() { text(variable, &["value"]).to_owned() } else { postgres::value(key) };
            let database = format!("127.0.0.1:{}", postgres.port());
            let value = value
                .replace("postgres.mlops.svc.cluster.local:5432", &database)
                .replace("/tmp", &folder.to_string_lossy());
            command.env(text(variable, &["name"]), value);
        }
        let log = folder.join("mlflow.log");
        let mut server = Server::start(&mut command, &log);
        server.wait("mlflow", &log, 180, || get(port, "127.0.0.1", "/health").0 == 200);
        Self { _server: server, port, elsewhere }
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

/// Status and body of a GET with a Host header of our choice.
fn get(port: u16, host: &str, path: &str) -> (u16, String) {
    match agent().get(format!("http://127.0.0.1:{port}{path}")).header("Host", host).call() {
        Ok(mut answer) => (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap_or_default()),
        Err(_) => (0, String::new()),
    }
}

fn post(port: u16, host: &str, origin: Option<&str>, path: &str, body: &str) -> (u16, String) {
    let request = agent()
        .post(format!("http://127.0.0.1:{port}{path}"))
        .header("Host", host)
        .header("Content-Type", "application/json");
    let request = origin.into_iter().fold(request, |request, origin| request.header("Origin", origin));
    match request.send(body) {
        Ok(mut answer) => (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap_or_default()),
        Err(error) => (0, error.to_string()),
    }
}

fn experiment(mlflow: &Mlflow, name: &str) {
    let body = format!("{{\"name\": \"{name}\"}}");
    let (status, answer) =
        post(mlflow.port, "mlflow.mlops.svc.cluster.local:5000", None, "/api/2.0/mlflow/experiments/create", &body);
    assert_eq!(status, 200, "{answer}");
    let path = format!("/api/2.0/mlflow/experiments/get-by-name?experiment_name={name}");
    let (_, answer) = get(mlflow.port, "mlflow.mlops.svc.cluster.local:5000", &path);
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let location = answer["experiment"]["artifact_location"].as_str().unwrap_or_default().to_owned();
    assert!(location.starts_with("mlflow-artifacts:/"), "clients would bypass the proxy: {location}");
    let stray: Vec<_> = fs::read_dir(&mlflow.elsewhere).expect("a folder").flatten().collect();
    assert!(stray.is_empty(), "written outside the mounts: {stray:?}");
}

#[test]
fn clients_by_every_name_are_served_and_strangers_are_not() {
    let (postgres, folder) = (Postgres::start(), tempfile::tempdir().expect("a folder"));
    let mlflow = Mlflow::start("3.17.2", &postgres, folder.path());
    let search = "/api/2.0/mlflow/experiments/search?max_results=1";
    for host in [
        "mlflow",
        "mlflow:5000",
        "mlflow.mlops:5000",
        "mlflow.mlops.svc.cluster.local:5000",
        "localhost:5000",
        "127.0.0.1",
        "192.168.49.2:30500",
        "10.244.0.7:5000",
        "172.18.0.2:30500",
    ] {
        assert_eq!(get(mlflow.port, host, search).0, 200, "{host}");
    }
    for host in ["evil.example", "mlflow.evil.example:5000", "172.15.0.1:30500", "8.8.8.8:30500"] {
        assert_eq!(get(mlflow.port, host, search).0, 403, "{host}");
    }
    // What the probes of the manifests ask for.
    assert_eq!(
        (get(mlflow.port, "10.244.0.7:5000", "/health").0, get(mlflow.port, "10.244.0.7:5000", "/version").0),
        (200, 200)
    );
    // The page asks with an Origin: by the node port it may, from elsewhere it may not.
    let ask = |origin| {
        post(
            mlflow.port,
            "192.168.49.2:30500",
            Some(origin),
            "/ajax-api/2.0/mlflow/runs/search",
            "{\"experiment_ids\": [\"0\"]}",
        )
        .0
    };
    assert_eq!((ask("http://192.168.49.2:30500"), ask("http://evil.example")), (200, 403));
    experiment(&mlflow, "judged");
}

#[test]
fn an_older_version_runs_with_the_flags_it_knows() {
    let (postgres, folder) = (Postgres::start(), tempfile::tempdir().expect("a folder"));
    let mlflow = Mlflow::start("2.17.2", &postgres, folder.path());
    assert_eq!(
        (get(mlflow.port, "10.244.0.7:5000", "/health").0, get(mlflow.port, "10.244.0.7:5000", "/version").0),
        (200, 200)
    );
    experiment(&mlflow, "judged");
}
