//! One model's API under load, as a stack has it, and the Prometheus that scrapes it.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use builders::name;
use components::monitoring::{Objective, Watched, WatchedApi, WatchedDrift};
use serde_json::json;
use servers::{free_port, run};

use super::prometheus::{Prometheus, target};
use crate::{
    broken::{files, register, with_other},
    program::{Api, get, post, serving},
    project::{Project, promote, rows},
};

/// An hour takes a minute.
const FACTOR: u32 = 60;

/// What has been started.
pub struct Stack {
    /// What is watched of it.
    pub watched: Watched,
    pub project: Project,
    pub prometheus: Prometheus,
    api: Option<Api>,
    port: u16,
    load: Option<JoinHandle<()>>,
    ends: Arc<AtomicBool>,
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        if let Some(load) = self.load.take() {
            let _ = load.join();
        }
    }
}

impl Stack {
    /// A trained model that is asked some hundred times a second, its log, and a drift report of it.
    pub fn start() -> Self {
        let (project, port) = (Project::new(), free_port());
        fs::create_dir(project.path("log")).unwrap();
        let (address, watched) = (format!("127.0.0.1:{port}"), watched());
        let prometheus = Prometheus::start(&watched, FACTOR, &[target("iris-api", "mlops", &address)]);
        let ends = Arc::default();
        let mut stack = Self { watched, project, prometheus, api: None, port, load: None, ends };
        stack.start_api();
        // Before there is a model, so that there is an answer with an error.
        assert_eq!(stack.ask(), 503);
        stack.project.train(&stack.project.registry(), 0);
        stack.api().until("the model", |api| api.version().is_some());
        for _ in 0..10 {
            assert_eq!(stack.ask(), 200);
        }
        stack.load = Some(stack.load());
        stack.look_for_drift();
        // Prometheus takes some seconds to find what it scrapes; until then nobody was there to be reached.
        stack.api().until("a scrape", |_| !stack.prometheus.ask("up == 1").is_empty());
        stack.prometheus.until_firing(&[], 20);
        stack
    }

    /// The API that runs.
    pub fn api(&self) -> &Api {
        self.api.as_ref().unwrap()
    }

    /// Starts the API where it was.
    pub fn start_api(&mut self) {
        let folder = tempfile::tempdir().unwrap();
        let mut command = serving(&["serve", "--poll-seconds", "0.2", "--model-file", &self.project.model_file()]);
        command.args(["--registry", &self.project.registry(), "--prediction-log", &self.project.text("log")]);
        command.env("LISTEN", format!("127.0.0.1:{}", self.port)).env("HOSTNAME", "pod");
        command.env("CACHE_DIR", folder.path().join("cache")).env("SPOOL_DIR", folder.path().join("spool"));
        self.api = Some(Api::run(&mut command, folder, self.port));
    }

    /// Ends the API at once, as a lost node would.
    pub fn kill_api(&mut self) {
        self.api = None;
    }

    /// Makes a version champion that nobody can load.
    pub fn spoil_champion(&self) {
        let registry = self.project.registry();
        register(&registry, with_other(&files(&registry, "1"), "model.onnx", b""));
    }

    /// Makes the good version champion again.
    pub fn mend_champion(&self) {
        promote(&self.project.registry(), "1");
    }

    fn ask(&self) -> u16 {
        post(&self.api().url("/predict"), &rows()[0].to_string(), &[]).0
    }

    /// Asks as long as the stack lives, and as a Service does: only who is ready.
    fn load(&self) -> JoinHandle<()> {
        let (ends, url) = (Arc::clone(&self.ends), format!("http://127.0.0.1:{}", self.port));
        thread::spawn(move || {
            let v2 = json!({"inputs": [{"name": "input", "shape": [1, 4], "datatype": "FP32", "data": [5, 3, 1, 0]}]});
            while !ends.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(100));
                if get(&format!("{url}/ready")).0 != 200 {
                    continue;
                }
                for row in rows() {
                    let _ = post(&format!("{url}/predict"), &row.to_string(), &[]);
                }
                let _ = post(&format!("{url}/v2/models/iris-model/infer"), &v2.to_string(), &[]);
            }
        })
    }

    /// A report beside the version, of the flowers it was trained on.
    fn look_for_drift(&self) {
        let (file, registry, rows) =
            (self.project.model_file(), self.project.registry(), self.project.text("rows.csv"));
        let text = fs::read_to_string(self.project.path("iris.csv")).unwrap();
        let (header, flowers) = text.split_once('\n').unwrap();
        fs::write(&rows, format!("{header}\n{flowers}{flowers}")).unwrap();
        let arguments = ["drift", "--model-file", &file, "--registry", &registry, "--window", &rows, "--publish"];
        let done = run(&mut serving(&arguments));
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
        self.api().until("the report", |api| api.metric("model_drift_report_rows") == Some(300.0));
    }
}

pub fn watched() -> Watched {
    let api = WatchedApi {
        model: name!("iris"),
        workload: name!("iris-api"),
        namespace: name!("mlops"),
        objective: Objective::default(),
        first_model: Duration::from_mins(15),
        prediction_log: true,
        drift: Some(WatchedDrift { workload: name!("iris-drift"), max_age: Duration::from_hours(26) }),
    };
    Watched { environment: "test".to_owned(), apis: vec![api], backups: None, cluster: false }
}
