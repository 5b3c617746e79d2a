//! Registries that are real: MLflow of both versions on PostgreSQL, and S3.

use std::{
    collections::BTreeMap,
    process::Command,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use registry::{Credentials, Error, File, Registry, Submission, Version};
use serde_json::{Value, json};
use servers::{Mlflow, Postgres, S3, run};

use crate::{program::get, project::Project};

const LIMIT: u64 = 50 << 20;

const MLMODEL: &str = "flavors:
  onnx: {data: model.onnx, onnx_version: 1.22.0}
  python_function: {loader_module: mlflow.onnx}
model_uuid: 0123456789abcdef0123456789abcdef
utc_time_created: '2026-11-01 12:00:00.000000'
";

fn file(path: &str, bytes: impl Into<Bytes>) -> File {
    File { path: path.to_owned(), bytes: bytes.into() }
}

fn map<V>(pairs: impl IntoIterator<Item = (&'static str, V)>) -> BTreeMap<String, V> {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn submission(model: &str, onnx: impl Into<Bytes>) -> Submission {
    Submission {
        model: model.to_owned(),
        experiment: "trials".to_owned(),
        run_name: "first of all".to_owned(),
        params: map([("n_estimators", "100".to_owned()), ("none", String::new())]),
        metrics: map([("auc_roc", 0.825), ("loss", f64::NAN), ("worst", f64::INFINITY), ("zero", 0.0)]),
        tags: map([("spec", "äöü \"1\"".to_owned()), ("mlflow.note.content", "words".to_owned())]),
        model_files: vec![
            file("model.onnx", onnx),
            file("MLmodel", MLMODEL),
            file("reference/a b/ü+1&=[2].json", "{}"),
            file("empty", ""),
        ],
        run_files: vec![file("plots/roc.svg", "<svg/>"), file("top.txt", "top")],
        started: SystemTime::now(),
    }
}

fn open(location: &str) -> Registry {
    Registry::open(&location.parse().unwrap(), &Credentials::default()).unwrap()
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

/// What a training does, and what a server sees of it.
async fn life(registry: &Registry) {
    // Larger than one buffer of anything, and no text.
    let large: Bytes = (0..3_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for model in ["iris", "it's 100% Größe (2) + &?=#;%41", "\"quoted\""] {
        assert_eq!(registry.aliased(model, "champion").await.unwrap(), None);
        assert_eq!(registry.versions(model).await.unwrap(), []);
        let first = registry.register(submission(model, large.clone())).await.unwrap();
        let second = registry.register(submission(model, "two")).await.unwrap();
        assert_eq!((first.number.as_str(), second.number.as_str()), ("1", "2"));
        assert_eq!(registry.aliased(model, "champion").await.unwrap(), None);
        for (number, wanted) in [("2", &second), ("1", &first)] {
            registry.set_alias(model, "champion", number).await.unwrap();
            let champion = registry.aliased(model, "champion").await.unwrap().unwrap();
            assert_eq!((&champion.number, &champion.tags), (&wanted.number, &wanted.tags));
        }
        let versions = registry.versions(model).await.unwrap();
        assert_eq!(versions, [second, first.clone()]);
        assert_eq!(versions[1].tags["spec"], "äöü \"1\"");
        let metrics = registry.metrics(&first).await.unwrap();
        assert_eq!((metrics["auc_roc"], metrics["zero"], metrics.len()), (0.825, 0.0, 4));
        assert!(metrics["loss"].is_nan() && metrics["worst"] > 1e300, "{metrics:?}");
        let mut wanted = submission(model, large.clone()).model_files;
        wanted.sort_by(|a, b| a.path.cmp(&b.path));
        let files = registry.files(&first, LIMIT).await.unwrap();
        assert!(files == wanted, "{:?}", files.iter().map(|file| (&file.path, file.bytes.len())).collect::<Vec<_>>());
        let error = registry.files(&first, 2_999_999).await.unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
        let error = registry.set_alias(model, "champion", "3").await.unwrap_err();
        assert!(matches!(error, Error::NoVersion { .. }), "{error}");
        beside(registry, &first, &versions[0]).await;
        assert!(registry.files(&first, LIMIT).await.unwrap() == wanted, "what lies beside a version is no part of it");
    }
}

/// What is found out later lies beside its version, and may be replaced.
async fn beside(registry: &Registry, version: &Version, other: &Version) {
    let attached = async |path: &str, limit| registry.attachment(version, path, limit).await;
    assert_eq!(attached("drift/report 1.json", LIMIT).await.unwrap(), None);
    for text in ["the first, which is longer", "the second"] {
        registry.attach(version, file("drift/report 1.json", text)).await.unwrap();
        assert_eq!(attached("drift/report 1.json", LIMIT).await.unwrap().unwrap(), text);
    }
    assert!(matches!(attached("drift/report 1.json", 9).await.unwrap_err(), Error::TooLarge { .. }));
    assert_eq!(attached("drift", LIMIT).await.unwrap(), None);
    assert_eq!(attached("drift/other.json", LIMIT).await.unwrap(), None);
    assert_eq!(registry.attachment(other, "drift/report 1.json", LIMIT).await.unwrap(), None);
    assert!(matches!(attached("../MLmodel", LIMIT).await.unwrap_err(), Error::Name { .. }));
}

/// Trainings of one model at once: each gets a version of its own, and the alias stands on one of them.
async fn crowd(registry: &Registry, trainings: usize) {
    let tasks: Vec<_> = (0..trainings)
        .map(|task| {
            let registry = registry.clone();
            tokio::spawn(async move {
                let made = registry.register(submission("crowd", format!("model {task}"))).await.unwrap();
                registry.set_alias("crowd", "champion", &made.number).await.unwrap();
                (made.number, task)
            })
        })
        .collect();
    let mut made = BTreeMap::new();
    for task in tasks {
        let (number, task) = task.await.unwrap();
        assert_eq!(made.insert(number.clone(), task), None, "version {number} was given twice");
    }
    let versions = registry.versions("crowd").await.unwrap();
    assert_eq!(versions.iter().map(|one| &one.number).collect::<Vec<_>>(), {
        let mut numbers: Vec<_> = made.keys().collect();
        numbers.sort_by_key(|number| std::cmp::Reverse(number.parse::<u64>().unwrap()));
        numbers
    });
    assert_eq!(versions.len(), trainings);
    let champion = registry.aliased("crowd", "champion").await.unwrap().unwrap();
    for version in versions.iter().chain([&champion]) {
        let files = registry.files(version, LIMIT).await.unwrap();
        let onnx = &files.iter().find(|file| file.path == "model.onnx").unwrap().bytes;
        assert_eq!(*onnx, format!("model {}", made[&version.number]));
    }
}

#[test]
fn mlflow_3() {
    mlflow("3.17.2");
}

#[test]
fn mlflow_2() {
    mlflow("2.17.2");
}

fn mlflow(version: &str) {
    let mut postgres = Postgres::start();
    let mut server = Mlflow::start(version, &postgres);
    let registry = open(&server.url());
    block_on(async {
        life(&registry).await;
        // The server has one worker, as in the manifests, and a busy machine makes it slow.
        crowd(&registry, 5).await;
        listed(&server, &registry).await;
        seen_from_python(&server);
        logged_from_python(&server, &registry).await;
        mistakes(&server, &registry).await;
        away(&mut server, &mut postgres, &registry).await;
    });
}

/// So many versions that the order of numbers is not that of texts; an API tells what this part of them says.
async fn listed(server: &Mlflow, registry: &Registry) {
    let project = Project::new();
    project.train(&server.url(), 0);
    let model = "iris-model";
    for number in 2..=12 {
        assert_eq!(registry.register(submission(model, "x")).await.unwrap().number, number.to_string());
    }
    // As many of another model whose name only begins so.
    registry.register(submission("iris-model-of-others", "x")).await.unwrap();
    registry.set_alias(model, "shadow", "10").await.unwrap();
    let numbers = async |name: &str, count| {
        let newest = registry.newest(name, count).await.unwrap();
        newest.iter().map(|one| one.number.parse::<u64>().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(model, 50).await, (1..=12).rev().collect::<Vec<_>>());
    assert_eq!(numbers(model, 4).await, [12, 11, 10, 9]);
    assert!(numbers("nobody's", 4).await.is_empty());
    let newest = registry.newest(model, 12).await.unwrap();
    let moments: Vec<_> = newest.iter().map(|one| one.created_ms.unwrap()).collect();
    assert!(moments.is_sorted_by(|later, before| later > before), "{moments:?}");

    let api = project.serve(&server.url(), &[]).ready();
    let told = || serde_json::from_str::<Value>(&get(&api.url("/versions")).1).unwrap();
    api.until("the versions", |_| told()["versions"].as_array().is_some_and(|list| !list.is_empty()));
    let told = told();
    assert_eq!((&told["model"], &told["alias"], &told["served"]), (&json!(model), &json!("champion"), &json!("1")));
    let versions = told["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 12);
    for (place, one) in versions.iter().enumerate() {
        assert_eq!(one["version"], (12 - place).to_string());
        assert_eq!(one["aliases"], if place == 11 { json!(["champion"]) } else { json!([]) });
    }
    let seconds = versions.iter().map(|one| one["created"].as_str().unwrap().split_at(19).0);
    assert!(seconds.is_sorted_by(|later, before| later >= before), "{versions:?}");
}

fn python(server: &Mlflow, script: &str, arguments: &[&str]) -> Value {
    let script = servers::repository().join("tests/serving/cases").join(script);
    let done = run(server.python(&script).args(arguments));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = String::from_utf8(done.stdout).unwrap();
    serde_json::from_str(said.lines().last().unwrap_or_default()).unwrap_or_else(|error| panic!("{error}: {said}"))
}

fn seen_from_python(server: &Mlflow) {
    let seen = python(server, "read_run.py", &["iris", "2"]);
    assert_eq!(seen["status"], "FINISHED");
    assert_eq!(seen["end"], true);
    assert_eq!(seen["name"], "first of all");
    assert_eq!(seen["experiment"], "trials");
    assert_eq!(seen["params"], json!({"n_estimators": "100", "none": ""}));
    assert_eq!(seen["metrics"]["auc_roc"], "0.825");
    assert_eq!((&seen["tags"]["spec"], &seen["tags"]["mlflow.note.content"]), (&json!("äöü \"1\""), &json!("words")));
    assert_eq!(seen["version_tags"]["spec"], "äöü \"1\"");
    assert_eq!(seen["version_tags"]["mlflow.note.content"], Value::Null);
    assert_eq!(seen["plots"], json!(["plots/roc.svg"]));
    let names: Vec<&String> = seen["files"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["MLmodel", "empty", "model.onnx", "reference/a b/ü+1&=[2].json"]);
    let history: Value = serde_json::from_str(seen["tags"]["mlflow.log-model.history"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&history[0]["artifact_path"], &history[0]["flavors"]["onnx"]["data"]),
        (&json!("model"), &json!("model.onnx"))
    );
}

async fn logged_from_python(server: &Mlflow, registry: &Registry) {
    let logged = python(server, "log_model.py", &[]);
    let version = registry.aliased("from python", "champion").await.unwrap().unwrap();
    assert_eq!((version.number.as_str(), version.tags["by"].as_str()), ("1", "Python"));
    assert!(registry.metrics(&version).await.unwrap()["accuracy"] > 0.9);
    let files = registry.files(&version, LIMIT).await.unwrap();
    let sums: BTreeMap<&str, String> = files.iter().map(|file| (file.path.as_str(), sha256(&file.bytes))).collect();
    assert_eq!(json!(sums), logged["files"], "{}", logged["source"]);
    assert!(sums.contains_key("model.onnx") && sums.contains_key("MLmodel"), "{sums:?}");
    assert!(matches!(registry.files(&version, 1000).await.unwrap_err(), Error::TooLarge { .. }));
}

fn sha256(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, bytes).unwrap();
    let said = run(Command::new("sha256sum").arg(file)).stdout;
    String::from_utf8_lossy(&said[..64]).into_owned()
}

async fn mistakes(server: &Mlflow, registry: &Registry) {
    let call = |call: &str, body: Value| -> Value {
        let url = format!("{}/api/2.0/mlflow/{call}", server.url());
        let answer = ureq::post(url).content_type("application/json").send(body.to_string()).unwrap();
        serde_json::from_reader(answer.into_body().into_reader()).unwrap()
    };
    // An experiment whose files the server does not hand out.
    call("experiments/create", json!({"name": "elsewhere", "artifact_location": "/var/elsewhere"}));
    let elsewhere = Submission { experiment: "elsewhere".to_owned(), ..submission("iris", "x") };
    let error = registry.register(elsewhere).await.unwrap_err();
    assert!(error.to_string().contains("--artifacts-destination") && !error.is_transient(), "{error}");
    let id = json!(["0", "1", "2", "3", "4"]);
    let runs = call("runs/search", json!({"experiment_ids": id, "filter": "attributes.status = 'FAILED'"}));
    assert_eq!(runs["runs"].as_array().map(Vec::len), Some(1), "{runs}");
    let runs = call("runs/search", json!({"experiment_ids": id, "filter": "attributes.status = 'RUNNING'"}));
    assert_eq!(runs["runs"], Value::Null, "{runs}");

    let made = call("experiments/create", json!({"name": "gone"}));
    call("experiments/delete", json!({"experiment_id": made["experiment_id"]}));
    let gone = Submission { experiment: "gone".to_owned(), ..submission("iris", "x") };
    let error = registry.register(gone).await.unwrap_err();
    assert!(error.to_string().contains("was deleted"), "{error}");

    // A file that was cut on the server's disk.
    let version = registry.register(submission("cut", "0123456789")).await.unwrap();
    registry.files(&version, LIMIT).await.unwrap();
    let found = run(Command::new("find").arg(server.artifacts()).args(["-name", "model.onnx"]));
    let all = String::from_utf8(found.stdout).unwrap();
    let cut = all.lines().find(|path| std::fs::read(path).unwrap() == b"0123456789").unwrap();
    std::fs::write(cut, "01234").unwrap();
    let error = registry.files(&version, LIMIT).await.unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
    std::fs::remove_file(cut).unwrap();
    let error = registry.files(&version, LIMIT).await.unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error}");

    let elsewhere = open(&format!("{}/nothing/here", server.url()));
    let error = elsewhere.aliased("iris", "champion").await.unwrap_err();
    assert!(!error.is_transient(), "{error}");
}

/// Registry and database go and come back.
async fn away(server: &mut Mlflow, postgres: &mut Postgres, registry: &Registry) {
    let champion = registry.aliased("iris", "champion").await.unwrap();
    postgres.kill();
    for _ in 0..3 {
        let error = registry.aliased("iris", "champion").await.unwrap_err();
        assert!(error.is_transient(), "{error}");
        let said = format!("{error} {error:?}").to_lowercase();
        assert!(!["psycopg", "sqlalchemy", "select", "postgres"].iter().any(|word| said.contains(word)), "{error}");
    }
    postgres.restart();
    let mut tries = 0;
    while registry.aliased("iris", "champion").await.ok() != Some(champion.clone()) {
        tries += 1;
        assert!(tries < 20, "MLflow does not find its database again");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    server.kill();
    for error in [
        registry.aliased("iris", "champion").await.unwrap_err(),
        registry.versions("iris").await.unwrap_err(),
        registry.register(submission("iris", "x")).await.unwrap_err(),
    ] {
        assert!(error.is_transient() && matches!(error, Error::Unreachable { .. }), "{error}");
    }
    server.restart();
    assert_eq!(registry.aliased("iris", "champion").await.unwrap(), champion);
}

#[test]
fn s3() {
    let mut server = S3::start("models");
    // As in an image without a CA bundle: plain HTTP needs none.
    let nowhere = [("SSL_CERT_FILE", "/nowhere".to_owned()), ("SSL_CERT_DIR", "/nowhere".to_owned())];
    let variables = || server.variables().into_iter().chain(nowhere.clone());
    again("registry::s3_inside", variables(), || server.log());
    // What MLflow's and Amazon's own clients understand, each before the one that is known to nobody.
    let elsewhere = ("AWS_ENDPOINT_URL", "https://nobody.invalid".to_owned());
    let endpoint = |(name, value)| (if name == "AWS_ENDPOINT_URL" { "AWS_ENDPOINT_URL_S3" } else { name }, value);
    again("registry::s3_reads", variables().map(endpoint).chain([elsewhere]), || server.log());
    let away: Vec<_> = variables().collect();
    server.kill();
    again("registry::s3_away", away, || server.log());
}

/// The variables are the process's, so the test runs itself again with them.
fn again(test: &str, variables: impl IntoIterator<Item = (&'static str, String)>, log: impl Fn() -> String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--include-ignored"]);
    for key in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        command.env_remove(key);
    }
    let done = run(command.envs(variables));
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}\n{}", log());
}

/// Pods in Amazon's clusters have a role and a token instead of keys.
#[test]
fn s3_by_workload_identity() {
    let server = S3::start("models");
    again("registry::s3_writes", server.identity(), || server.log());
    again("registry::s3_reads", server.identity(), || server.log());
    let without_token = server.identity().map(|(name, value)| {
        (name, if name == "AWS_WEB_IDENTITY_TOKEN_FILE" { "/nowhere/token".to_owned() } else { value })
    });
    again("registry::s3_refused", without_token, || server.log());
}

#[test]
#[ignore = "`s3_by_workload_identity` runs it with the variables it needs"]
fn s3_writes() {
    block_on(async {
        let registry = open("s3://models/team");
        registry.register(submission("iris", "x")).await.unwrap();
        registry.set_alias("iris", "champion", "1").await.unwrap();
    });
}

#[test]
#[ignore = "`s3` and `s3_by_workload_identity` run it with the variables they need"]
fn s3_reads() {
    let place =
        if std::env::var_os("AWS_ROLE_ARN").is_some() { "s3://models/team" } else { "s3://models/a prefix/deep" };
    let version = block_on(open(place).aliased("iris", "champion")).unwrap();
    assert!(version.is_some());
}

#[test]
#[ignore = "`s3_by_workload_identity` runs it with the variables it needs"]
fn s3_refused() {
    let error = block_on(open("s3://models/team").aliased("iris", "champion")).unwrap_err().to_string();
    assert!(error.contains("hint: ") && error.contains("/nowhere/token"), "{error}");
}

#[test]
#[ignore = "`s3` runs it with the variables it needs"]
fn s3_inside() {
    block_on(async {
        let registry = open("s3://models/a prefix/deep");
        life(&registry).await;
        crowd(&registry, 20).await;
        open("s3://models").aliased("iris", "champion").await.unwrap().ok_or(()).unwrap_err();
        let error = open("s3://nothing").aliased("iris", "champion").await.unwrap_err();
        assert!(error.to_string().contains("no such bucket"), "{error}");

        let secure = "https://localhost".parse().unwrap();
        let error = Registry::open(&secure, &Credentials::default()).unwrap_err();
        assert!(error.to_string().contains("mount a CA bundle"), "{error}");
        assert!(open("http://localhost:1").aliased("iris", "champion").await.unwrap_err().is_transient());
    });
}

#[test]
#[ignore = "`s3` runs it with the variables it needs"]
fn s3_away() {
    block_on(async {
        let registry = open("s3://models");
        for error in [
            registry.aliased("iris", "champion").await.unwrap_err(),
            registry.register(submission("iris", "x")).await.unwrap_err(),
        ] {
            assert!(error.is_transient() && !error.to_string().contains("testing"), "{error}");
        }
    });
}
