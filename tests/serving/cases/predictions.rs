//! The prediction log as the program keeps it: once, in order, and never in the way of predictions.

use std::{
    fs,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use servers::Postgres;

use crate::{
    program::{Api, post, serving},
    project::Project,
};

const PASSWORD: &str = "it's a s3cret/pass:word@";

/// Predicts the flowers `from..to`, each known by its size; predictions do not wait for anything.
fn predict(api: &Api, flowers: std::ops::Range<u32>) {
    for flower in flowers {
        let row = json!({"sepal_length": flower, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2});
        let start = Instant::now();
        let (status, answer) = api.predict(&row);
        assert!(status == 200 && start.elapsed() < Duration::from_secs(1), "{:?} {answer}", start.elapsed());
    }
}

/// The flowers in the table, in the order of their arrival.
fn arrived(postgres: &Postgres) -> Vec<u32> {
    if postgres.superuser("predictions", "SELECT to_regclass('prediction')").is_empty() {
        return Vec::new();
    }
    let flowers =
        postgres.superuser("predictions", "SELECT (inputs->>'sepal_length')::float::int FROM prediction ORDER BY ctid");
    flowers.lines().map(|flower| flower.parse().unwrap()).collect()
}

fn all(to: u32) -> Vec<u32> {
    (1..=to).collect()
}

fn trained() -> Project {
    let project = Project::new();
    project.train(&project.registry(), 0);
    project
}

#[test]
fn rows_outlive_a_database_that_is_away() {
    let (project, mut postgres) = (trained(), Postgres::start());
    postgres.database("predictions", PASSWORD);
    let url = format!("postgresql://127.0.0.1:{}/predictions", postgres.port());
    let spool = project.text("spool");
    let start = || {
        let variables = [("DATABASE_URL", url.as_str()), ("PGUSER", "predictions"), ("PGPASSWORD", PASSWORD)];
        let arguments = ["--drain-seconds", "0", "--spool", &spool, "--log-level", "trace"];
        Api::start(&project.model_file(), &project.registry(), &arguments, &variables).ready()
    };
    let mut api = start();
    predict(&api, 1..31);
    api.until("thirty rows", |_| arrived(&postgres) == all(30));
    let row = "SELECT model, version, at > now() - interval '1 minute' AND at <= now(), outputs::text FROM prediction LIMIT 1";
    let row = postgres.superuser("predictions", row);
    let [model, version, now, outputs] = row.split('|').collect::<Vec<_>>()[..] else { panic!("{row}") };
    assert_eq!((model, version, now), ("iris-model", "1", "t"));
    let outputs: Value = serde_json::from_str(outputs).unwrap();
    assert_eq!((&outputs["class"], &outputs["model_version"]), (&json!("setosa"), &json!("1")), "{outputs}");

    postgres.kill();
    predict(&api, 31..61);
    let (status, many) = post(&api.url("/predict"), "[{}]", &[]);
    assert_eq!(status, 422, "what is refused is not kept: {many}");
    postgres.restart();
    api.until("sixty rows", |_| arrived(&postgres) == all(60));

    // The program ends while the database is away: the next one brings the rows.
    postgres.kill();
    predict(&api, 61..91);
    api.server.terminate();
    assert_eq!(api.server.ended(20).code(), Some(0), "{}", api.log());
    let first = api.log();
    postgres.restart();
    let mut api = start();
    predict(&api, 91..96);
    api.until("what waited on disk", |_| arrived(&postgres) == all(95));

    // What has only just been predicted is written before the end.
    predict(&api, 96..121);
    api.server.terminate();
    assert_eq!(api.server.ended(20).code(), Some(0), "{}", api.log());
    assert_eq!(arrived(&postgres), all(120));
    assert!(![first, api.log()].iter().any(|log| log.contains("s3cret")), "{}", api.log());
}

#[test]
fn rows_become_lines_of_json() {
    let (project, folder) = (trained(), "predictions");
    let path = project.text(folder);
    let arguments = ["--prediction-log", path.as_str(), "--drain-seconds", "0"];
    let mut api = Api::start(&project.model_file(), &project.registry(), &arguments, &[("HOSTNAME", "pod-1")]).ready();
    predict(&api, 1..31);
    let tensor = |name: &str| json!({"name": name, "shape": [1], "datatype": "FP32", "data": [31]});
    let names = ["sepal_length", "sepal_width", "petal_length", "petal_width"];
    let body = json!({"inputs": names.map(tensor)}).to_string();
    assert_eq!(post(&api.url("/v2/models/iris-model/infer"), &body, &[]).0, 200);
    api.server.terminate();
    assert_eq!(api.server.ended(20).code(), Some(0), "{}", api.log());
    let text = fs::read_to_string(project.path(folder).join("pod-1.jsonl")).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let flowers: Vec<Value> = lines.iter().map(|line| line["inputs"]["sepal_length"].clone()).collect();
    assert_eq!(json!(flowers), json!((1..=31).map(f64::from).collect::<Vec<_>>()));
    for line in &lines {
        assert_eq!((&line["model"], &line["version"]), (&json!("iris-model"), &json!("1")));
        assert!(line["outputs"]["probabilities"].is_object() && line["at"].is_string(), "{line}");
    }
}

#[test]
fn nothing_is_kept_where_nobody_asks_for_it() {
    let project = trained();
    let api = project.serve(&project.registry(), &[]).ready();
    predict(&api, 1..5);
    assert!(
        !api.folder().join("spool").exists() && api.metric("prediction_log_rows_total{state=\"written\"}").is_none()
    );
    let (file, registry) = (project.model_file(), project.registry());
    let serve = |arguments: &[&str]| {
        let mut command =
            serving(&["serve", "--model-file", &file, "--registry", &registry, "--listen", "127.0.0.1:0"]);
        command.args(["--spool", &project.text("spool")]).args(arguments);
        let ended = servers::run(&mut command);
        let said = String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned();
        assert_eq!(ended.status.code(), Some(2), "{said}");
        said
    };
    let database = "postgresql://127.0.0.1:1/x";
    assert!(serve(&["--database-url", database, "--prediction-log", "x"]).contains("hint: leave out DATABASE_URL"));
    assert!(serve(&["--database-url", "mysql://me:s3cret@host/x"]).contains("hint: "));
    assert!(!serve(&["--database-url", "me:s3cret@host"]).contains("s3cret"));
    fs::write(project.path("file"), "").unwrap();
    assert!(serve(&["--prediction-log", &project.text("file/folder")]).contains("file/folder"));
}
