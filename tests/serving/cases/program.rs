//! The program `serving` as a user starts it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use serde_json::Value;
use servers::{Server, free_port, repository, run};
use tempfile::TempDir;

/// The program with nothing in its environment that this machine put there.
pub fn serving(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_serving-under-test"));
    command.args(arguments).env_clear();
    command
}

/// A model file of the repository.
pub fn model_file(name: &str) -> String {
    repository().join(format!("models/{name}.yaml")).to_string_lossy().into_owned()
}

/// Runs the program to its end, which must be a good one; gives back stdout and stderr.
pub fn done(command: &mut Command) -> (String, String) {
    let Output { status, stdout, stderr } = run(command);
    let (out, err) = (String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned());
    assert!(status.success(), "{command:?}: {status}\n{out}\n{err}");
    (out, err)
}

/// `serving serve` on loopback.
pub struct Api {
    pub server: Server,
    folder: TempDir,
    address: SocketAddr,
}

impl Api {
    /// Starts it with these arguments beside address and cache, and waits until it answers; a model may still be missing.
    pub fn start(model_file: &str, registry: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (port, cache) = (free_port(), folder.path().join("cache"));
        let mut command = serving(&["serve", "--model-file", model_file, "--registry", registry]);
        // By variables, so that arguments may say otherwise.
        command.env("LISTEN", format!("127.0.0.1:{port}")).env("POLL_SECONDS", "0.2").env("CACHE_DIR", cache);
        command.env("SPOOL_DIR", folder.path().join("spool"));
        command.args(arguments).envs(variables.iter().copied());
        Self::run(&mut command, folder, port)
    }

    /// Waits until `command`, which listens on `port`, answers; `folder` goes with it.
    pub fn run(command: &mut Command, folder: TempDir, port: u16) -> Self {
        Self::run_at(command, folder, SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }

    /// The same, at another address of this machine.
    pub fn run_at(command: &mut Command, folder: TempDir, address: SocketAddr) -> Self {
        let log = folder.path().join("log");
        let server = Server::start(command, &log);
        let mut api = Self { server, folder, address };
        let url = api.url("/health");
        api.server.wait("serving", &log, 30, || get(&url).0 == 200);
        api
    }

    /// Waits until a model is loaded.
    pub fn ready(mut self) -> Self {
        let (url, log) = (self.url("/ready"), self.log_file());
        self.server.wait("serving with a model", &log, 60, || get(&url).0 == 200);
        self
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Host and port, for clients that speak for themselves.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// The folder that goes with it: `cache`, `spool`, `log`.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Status and answer of a prediction.
    pub fn predict(&self, rows: &Value) -> (u16, Value) {
        let (status, text) = post(&self.url("/predict"), &rows.to_string(), &[]);
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Waits until the log says so, or whatever else is to happen does.
    pub fn until(&self, what: &str, happened: impl Fn(&Self) -> bool) {
        let end = std::time::Instant::now() + Duration::from_mins(1);
        while !happened(self) {
            assert!(std::time::Instant::now() < end, "{what} did not happen:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// How many lines of the log say this.
    pub fn logged(&self, words: &str) -> usize {
        self.log().lines().filter(|line| line.contains(words)).count()
    }

    /// The version that is served.
    pub fn version(&self) -> Option<String> {
        let about: Value = serde_json::from_str(&get(&self.url("/")).1).expect("JSON");
        about["model_version"].as_str().map(str::to_owned)
    }

    /// All metrics.
    pub fn metrics(&self) -> String {
        get(&self.url("/metrics")).1
    }

    /// The value of a metric, its labels as they are written.
    pub fn metric(&self, name: &str) -> Option<f64> {
        self.metrics().lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
    }
}

/// A client that keeps its connections.
pub struct Client(ureq::Agent);

impl Client {
    pub fn new() -> Self {
        Self(agent())
    }

    /// The answer to a request that must not fail.
    pub fn ask(&self, url: &str, body: &Value) -> Value {
        let sent = self.0.post(url).header("Content-Type", "application/json").send(body.to_string());
        let mut answer = sent.unwrap_or_else(|error| panic!("{url}: {error}"));
        let text = answer.body_mut().read_to_string().unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(answer.status().as_u16(), 200, "{url}: {text}");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

fn agent() -> ureq::Agent {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(30)));
    agent.build().into()
}

/// Status and body; status 0 where nobody answers.
pub fn get(url: &str) -> (u16, String) {
    match agent().get(url).call() {
        Ok(mut answer) => (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap_or_default()),
        Err(error) => (0, error.to_string()),
    }
}

/// Status and body of JSON that is posted with further headers; status 0 where nobody answers.
pub fn post(url: &str, body: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let request = agent().post(url).header("Content-Type", "application/json");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    match request.send(body) {
        Ok(mut answer) => (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap_or_default()),
        Err(error) => (0, error.to_string()),
    }
}
