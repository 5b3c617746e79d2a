//! Prometheus as `out/local` has it, in the version that it names: it finds the pods of an API by DNS and asks them for metrics
//! with the token of its namespace.
//!
//! Two things differ from the manifests: it listens on an address of its own, and it scrapes and looks at rules every second.

use std::{collections::BTreeMap, fs, net::SocketAddr};

use serde_json::{Value, json};
use servers::{Server, repository};
use tempfile::TempDir;

use super::{cluster::Cluster, network::Network, pod::Pod};
use crate::program::get;

const PODS: &str = "churn-api-pods.churn-mlops.svc.cluster.local";

struct Prometheus {
    server: Server,
    url: String,
    folder: TempDir,
}

impl Prometheus {
    fn start(pod: &Pod<'_>) -> Self {
        let address = SocketAddr::from((super::network::address(), 9090));
        let mut command = pod.program(&format!("--web.listen-address={address}"));
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut this = Self { server: Server::start(&mut command, &log), url: format!("http://{address}"), folder };
        let ready = format!("{}/-/ready", this.url);
        this.server.wait("prometheus", &log, 30, || get(&ready).0 == 200);
        this
    }

    fn api(&self, path: &str) -> Value {
        let (status, text) = get(&format!("{}/api/v1/{path}", self.url));
        let answer: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}: {text}"));
        assert_eq!((status, &answer["status"]), (200, &json!("success")), "{path}: {answer}");
        answer["data"].clone()
    }

    /// Labels and values of `up`, once there are so many.
    fn up(&self, count: usize) -> Vec<(BTreeMap<String, String>, String)> {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            let found = self.api("query?query=up");
            let series = found["result"].as_array().expect("a vector");
            if series.len() >= count {
                let labels = |it: &Value| serde_json::from_value(it["metric"].clone()).expect("labels");
                let value = |it: &Value| it["value"][1].as_str().expect("a value").to_owned();
                return series.iter().map(|it| (labels(it), value(it))).collect();
            }
            assert!(std::time::Instant::now() < end, "{found}\n{}", self.log());
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

/// The manifests, with what comes every half minute coming every second.
fn local(token: &str) -> Cluster {
    let folder = fs::read_dir(repository().join("out/local")).unwrap();
    let texts: Vec<String> = folder.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let faster = |text: &String| text.replace("_interval: 30s", "_interval: 1s");
    assert_eq!(texts.iter().map(|text| text.matches("_interval: 30s").count()).sum::<usize>(), 2);
    Cluster::of(&texts.iter().map(faster).collect::<Vec<_>>())
        .secret("churn-mlops", "churn-api", "MONITORING_TOKEN", "t0ken")
        .secret("mlops", "churn-api", "MONITORING_TOKEN", token)
}

#[test]
fn it_finds_every_pod_and_is_let_in_with_its_token_alone() {
    let cluster = local("t0ken");
    let network = Network::new();
    let pods = [0, 1].map(|_| cluster.pod("Deployment", "churn-mlops", "churn-api"));
    let addresses = [0, 1].map(|_| SocketAddr::from((network.pod(PODS), 8000)));
    // They have no model and are not ready, and are asked all the same.
    let apis = [0, 1].map(|n| pods[n].start_at(addresses[n]));
    assert!(apis.iter().all(|api| api.probed() == [503, 200, 503]));

    let pod = cluster.pod("Deployment", "mlops", "prometheus").on(&network);
    let mut prometheus = Prometheus::start(&pod);
    let mut up = prometheus.up(2);
    up.sort();
    let series = |address: &SocketAddr| {
        let labels = [
            ("__name__", "up"),
            ("instance", &address.to_string()),
            ("job", "churn-api"),
            ("namespace", "churn-mlops"),
        ];
        (labels.map(|(label, value)| (label.to_owned(), value.to_owned())).into(), "1".to_owned())
    };
    let mut expected = addresses.each_ref().map(series);
    expected.sort();
    assert_eq!(up, expected, "{}", prometheus.log());

    // What was committed is what it goes by, and nothing of it makes it complain.
    let rules = prometheus.api("rules");
    let groups: Vec<&str> = rules["groups"].as_array().unwrap().iter().filter_map(|it| it["name"].as_str()).collect();
    assert!(groups.iter().any(|name| name.contains("churn-api")), "{groups:?}");
    let flags = prometheus.api("status/flags");
    assert_eq!(flags["storage.tsdb.retention.size"], "4GiB", "{flags}");
    let complaints = prometheus.log();
    let complaints: Vec<&str> = complaints.lines().filter(|line| line.contains("level=ERROR")).collect();
    assert_eq!(complaints, [""; 0]);
    prometheus.server.terminate();
    assert!(prometheus.server.ended(20).success(), "{}", prometheus.log());
}

#[test]
fn with_another_token_it_is_not_let_in() {
    let cluster = local("an0ther");
    let network = Network::new();
    let pod = cluster.pod("Deployment", "churn-mlops", "churn-api");
    let api = pod.start_at(SocketAddr::from((network.pod(PODS), 8000)));
    let scraper = cluster.pod("Deployment", "mlops", "prometheus").on(&network);
    let prometheus = Prometheus::start(&scraper);
    let up: Vec<String> = prometheus.up(1).into_iter().map(|(_, value)| value).collect();
    assert_eq!(up, ["0"]);
    let targets = prometheus.api("targets?state=active");
    let error = targets["activeTargets"][0]["lastError"].as_str().unwrap_or_default();
    assert!(error.contains("401"), "{targets}");
    drop(api);
}

/// A raised image is tried too: the module that is built here is of its version (3.13.5 is v0.313.5 there).
#[test]
fn it_is_the_version_that_the_manifests_name() {
    let text = fs::read_to_string(repository().join("tests/tools/prometheus/go.mod")).unwrap();
    let module = text
        .split("github.com/prometheus/prometheus v0.")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next())
        .unwrap();
    let (minors, patch) = module.split_once('.').unwrap();
    let (major, minor) = minors.split_at(1);
    let version = format!("image: prom/prometheus:v{major}.{}.{patch}\n", minor.trim_start_matches('0'));
    let manifest = fs::read_to_string(repository().join("out/local/050-prometheus.yaml")).unwrap();
    assert!(manifest.contains(&version), "{version}");
}
