//! A Prometheus of the test's own, with the rules of a stack in a world that is faster than ours.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use components::monitoring::{Watched, rules};
use serde_json::{Value, json};
use servers::{Server, free_port, tool};
use tempfile::TempDir;
use tests::monitoring::{
    promql::{faster, shorter},
    runbooks,
};

use crate::program::get;

/// Labels and value of a series.
pub type Sample = (BTreeMap<String, String>, f64);

/// It scrapes and evaluates every second, and ends with the test.
pub struct Prometheus {
    _server: Server,
    _folder: TempDir,
    url: String,
}

/// What is scraped, as the manifests name it.
pub fn target(job: &str, namespace: &str, address: &str) -> Value {
    let labels = json!({"namespace": namespace});
    json!({"job_name": job, "static_configs": [{"targets": [address], "labels": labels}]})
}

/// What says by itself whose series it tells.
pub fn teller(job: &str, address: &str, path: &str) -> Value {
    json!({"job_name": job, "honor_labels": true, "metrics_path": path, "static_configs": [{"targets": [address]}]})
}

/// The stack's rules where an hour takes `3600 / factor` seconds.
fn quick(watched: &Watched, factor: u32) -> Value {
    let mut groups = rules(watched, &runbooks());
    for rule in groups.iter_mut().flat_map(|group| &mut group.rules) {
        rule.expr = faster(&rule.expr, factor).unwrap_or_else(|error| panic!("{}: {error}", rule.expr));
        rule.lasts = rule.lasts.as_ref().map(|time| shorter(time, factor));
    }
    json!({"groups": groups})
}

impl Prometheus {
    /// Starts it with the rules of a stack, `factor` times as fast.
    pub fn start(watched: &Watched, factor: u32, targets: &[Value]) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let file = |name: &str, content: &Value| {
            let file = folder.path().join(name);
            fs::write(&file, content.to_string()).unwrap();
            file
        };
        let rules = file("rules.yaml", &quick(watched, factor));
        let global = json!({"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"});
        let settings = json!({"global": global, "rule_files": [rules], "scrape_configs": targets});
        let mut command = Command::new(tool("prometheus"));
        command.arg("--config.file").arg(file("prometheus.yaml", &settings));
        command.arg("--storage.tsdb.path").arg(folder.path().join("data"));
        command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
        command.args(["--query.lookback-delta=5s", "--log.level=warn"]).current_dir(folder.path());
        let (log, url) = (folder.path().join("log"), format!("http://127.0.0.1:{port}"));
        let mut server = Server::start(&mut command, &log);
        server.wait("prometheus", &log, 30, || get(&format!("{url}/-/ready")).0 == 200);
        Self { _server: server, _folder: folder, url }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What an expression is now.
    pub fn ask(&self, expr: &str) -> Vec<Sample> {
        let mut answer = ureq::post(format!("{}/api/v1/query", self.url))
            .config()
            .http_status_as_error(false)
            .build()
            .send_form([("query", expr)])
            .unwrap();
        let answer: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        assert_eq!(answer["status"], "success", "{expr}: {answer}");
        let sample = |sample: &Value| {
            let value = sample["value"][1].as_str().unwrap().parse().unwrap();
            (serde_json::from_value(sample["metric"].clone()).unwrap(), value)
        };
        answer["data"]["result"].as_array().unwrap().iter().map(sample).collect()
    }

    /// The alerts that are raised now.
    pub fn firing(&self) -> BTreeSet<String> {
        let alerts = self.ask(r#"ALERTS{alertstate="firing"}"#);
        alerts.into_iter().map(|(mut labels, _)| labels.remove("alertname").unwrap()).collect()
    }

    /// Waits until exactly this is raised; nothing else may be on the way there, but what was before.
    pub fn until_firing(&self, wanted: &[&str], seconds: u64) {
        let (before, wanted) = (self.firing(), wanted.iter().map(|alert| (*alert).to_owned()).collect::<BTreeSet<_>>());
        let end = Instant::now() + Duration::from_secs(seconds);
        loop {
            let firing = self.firing();
            if firing == wanted {
                return;
            }
            assert!(firing.iter().all(|alert| wanted.contains(alert) || before.contains(alert)), "{firing:?}");
            assert!(Instant::now() < end, "{wanted:?} is not raised after {seconds} s: {firing:?}");
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// Nothing is raised for so long.
    pub fn stays_quiet(&self, seconds: u64) {
        let end = Instant::now() + Duration::from_secs(seconds);
        while Instant::now() < end {
            assert_eq!(self.firing(), BTreeSet::new(), "{:?}", self.ask("up"));
            thread::sleep(Duration::from_millis(200));
        }
    }
}
