//! Drift from request to report: the log that the program kept, the version it was trained as, and what the API tells afterwards.

mod page;
mod values;

use std::{
    fs,
    process::{Command, Output},
};

use bytes::Bytes;
use registry::{File, Submission};
use serde_json::{Value, json};
use servers::{Mlflow, Postgres, run};

use crate::{
    program::{Api, get, serving},
    project::{Project, with},
};

const PASSWORD: &str = "it's a s3cret/pass:word@";
const NAMES: [&str; 4] = ["sepal_length", "sepal_width", "petal_length", "petal_width"];

/// The flowers of the data set, so many times, each longer by `longer`.
fn flowers(project: &Project, times: usize, longer: f64) -> Value {
    let text = fs::read_to_string(project.path("iris.csv")).unwrap();
    let flower = |line: &str| {
        let cells: Vec<f64> = line.split(',').take(4).map(|cell| cell.parse().unwrap()).collect();
        json!({NAMES[0]: cells[0] + longer, NAMES[1]: cells[1], NAMES[2]: cells[2], NAMES[3]: cells[3]})
    };
    let once: Vec<Value> = text.lines().skip(1).map(flower).collect();
    json!(once.iter().cycle().take(once.len() * times).collect::<Vec<_>>())
}

/// A trained model of all flowers, so that its reference looks like what it is asked.
fn trained() -> Project {
    let project = Project::new();
    project.train(&project.registry(), 0);
    project
}

fn drift(project: &Project, registry: &str, arguments: &[&str]) -> Command {
    let file = project.model_file();
    let mut command = serving(&["drift", "--model-file", &file, "--registry", registry, "--json", "-"]);
    command.args(arguments);
    command
}

/// Exit code, the report, and stderr.
fn judged(command: &mut Command) -> (i32, Value, String) {
    let Output { status, stdout, stderr } = run(command);
    let said = String::from_utf8_lossy(&stderr).into_owned();
    (status.code().unwrap(), serde_json::from_slice(&stdout).unwrap_or_default(), said)
}

fn predict(api: &Api, rows: &Value) {
    let (status, answer) = api.predict(rows);
    assert_eq!(status, 200, "{answer}");
}

/// Stops the program, so that the log has everything.
fn end(mut api: Api) {
    api.server.terminate();
    assert_eq!(api.server.ended(20).code(), Some(0), "{}", api.log());
}

/// Asked before and after a new version, and told apart; `log` and `variables` say where the log is.
fn life(registry: &str, project: &Project, log: &[&str], variables: &[(&str, &str)]) {
    let serve = || {
        let arguments = [log, &["--drain-seconds", "0", "--poll-seconds", "0.2", "--spool", &project.text("spool")]];
        Api::start(&project.model_file(), registry, &arguments.concat(), variables).ready()
    };
    let report =
        |more: &[&str]| judged(drift(project, registry, &[log, more].concat()).envs(variables.iter().copied()));
    let (code, empty, said) = report(&[]);
    assert_eq!((code, &empty["status"], &empty["rows"]), (0, &json!("not_enough_data"), &json!(0)), "{said}");

    let api = serve();
    predict(&api, &flowers(project, 2, 0.0));
    end(api);
    let (code, calm, said) = report(&[]);
    assert_eq!((code, &calm["status"], &calm["rows"]), (0, &json!("no_drift"), &json!(300)), "{said}{calm}");
    assert_eq!((&calm["version"], &calm["window"]["other_versions"]), (&json!("1"), &json!({})));

    project.train(registry, 1);
    let (code, other, said) = report(&[]);
    assert_eq!((code, &other["status"], &other["rows"]), (0, &json!("not_enough_data"), &json!(0)), "{said}");
    assert_eq!((&other["version"], &other["window"]["other_versions"]), (&json!("2"), &json!({"1": 300})));
    assert!(said.contains("0 of the 200 rows that are needed, which is not \"no drift\""), "{said}");
    assert_eq!(report(&["--model-version", "1"]).1["status"], "no_drift");

    let (api, beside) = (serve(), Api::start(&project.model_file(), registry, &["--poll-seconds", "0.2"], &[]).ready());
    assert_eq!(get(&api.url("/drift")).0, 404);
    assert!(!api.metrics().contains("model_drift"), "a nought would say that nothing drifts");
    predict(&api, &flowers(project, 2, 1.5));
    // The log is written after the answer.
    let tries = (0..50).map(|_| report(&["--publish"]));
    let (code, drifted, _) = tries.into_iter().find(|(_, found, _)| found["rows"] == 300).expect("the rows arrive");
    assert_eq!((code, &drifted["status"]), (1, &json!("drift")), "{drifted}");
    let drifts: Vec<_> = drifted["features"].as_array().unwrap().iter().map(|feature| &feature["status"]).collect();
    assert_eq!(drifts, ["drift", "no_drift", "no_drift", "no_drift"]);
    assert_eq!(report(&["--until", "2026-01-01T00:00:00Z"]).1["rows"], 0);

    // Every replica has it, whoever made it.
    for api in [&api, &beside] {
        api.until("a drift report", |api| {
            let (status, text) = get(&api.url("/drift"));
            status == 200 && serde_json::from_str::<Value>(&text).unwrap() == drifted
        });
        let detected = |feature: &str| api.metric(&format!("model_drift_detected{{feature=\"{feature}\"}}"));
        assert_eq!((detected("sepal_length"), detected("sepal_width")), (Some(1.0), Some(0.0)));
        let psi = api.metric("model_drift_score{feature=\"sepal_length\",statistic=\"psi\"}").unwrap();
        assert_eq!(json!(psi), drifted["features"][0]["comparison"]["psi"]);
        assert!(api.metric("model_drift_report_timestamp_seconds").unwrap() > 1.7e9);
        assert_eq!(api.metric("model_drift_report_rows"), Some(300.0));
    }

    // It was about the version that is not served any more.
    project.train(registry, 2);
    api.until("the next version", |api| api.version().as_deref() == Some("3"));
    assert_eq!(get(&api.url("/drift")).0, 404);
    assert!(!api.metrics().contains("model_drift"));
    end(api);
}

#[test]
fn of_json_lines() {
    let project = trained();
    let log = project.text("predictions");
    fs::create_dir(&log).unwrap();
    life(&project.registry(), &project, &["--prediction-log", &log], &[("HOSTNAME", "pod-1")]);
}

#[test]
fn of_postgres_with_mlflow() {
    let (project, postgres) = (Project::new(), Postgres::start());
    postgres.database("predictions", PASSWORD);
    let url = format!("postgresql://127.0.0.1:{}/predictions", postgres.port());
    for version in ["3.17.2", "2.17.2"] {
        let store = Postgres::start();
        let server = Mlflow::start(version, &store);
        project.train(&server.url(), 0);
        let variables = [("DATABASE_URL", url.as_str()), ("PGUSER", "predictions"), ("PGPASSWORD", PASSWORD)];
        life(&server.url(), &project, &[], &variables);
        postgres.superuser("predictions", "TRUNCATE prediction");
        // Who may read and nothing else, and who may not.
        let reader = |password| [("DATABASE_URL", url.as_str()), ("PGUSER", "reader"), ("PGPASSWORD", password)];
        if version == "3.17.2" {
            postgres.superuser("predictions", "CREATE ROLE reader LOGIN PASSWORD 'reads'");
            let refused = judged(drift(&project, &server.url(), &[]).envs(reader("reads")));
            assert!(refused.0 == 3 && refused.2.contains("grant INSERT and SELECT"), "{refused:?}");
            postgres.superuser("predictions", "GRANT SELECT ON prediction TO reader");
            let (code, report, said) = judged(drift(&project, &server.url(), &[]).envs(reader("reads")));
            assert_eq!((code, &report["status"]), (0, &json!("not_enough_data")), "{said}");
            let (code, _, said) = judged(drift(&project, &server.url(), &[]).envs(reader("s3cret")));
            assert!(
                code == 3 && said.contains("refuses the user or the password") && !said.contains("s3cret"),
                "{said}"
            );
        }
    }
}

#[test]
fn lines_that_are_no_rows_are_counted_and_named() {
    let project = trained();
    let log = project.path("predictions");
    fs::create_dir(&log).unwrap();
    let row = |model: &str, inputs: Value| {
        let at = "2026-11-20T12:00:00.000000Z";
        json!({"id": "x", "at": at, "model": model, "version": "1", "inputs": inputs, "outputs": {}}).to_string()
    };
    let mut lines = vec!["{\"half\": ".to_owned(), row("iris-model", json!([1])), row("other", json!({}))];
    // A feature that is missing, one that is there and is no number, and one that nobody knows.
    let flower = |size: u32| json!({"sepal_length": f64::from(size % 30) / 10.0, "sepal_width": null, "petal_length": "5", "x": {"y": [1]}});
    lines.extend((0..250).map(|size| row("iris-model", flower(size))));
    fs::write(log.join("pod.jsonl"), lines.join("\n") + "\n").unwrap();
    let arguments = ["--prediction-log", &log.to_string_lossy(), "--since", "2026-11-20T00:00:00Z"];
    let (code, report, said) = judged(&mut drift(&project, &project.registry(), &arguments));
    assert_eq!((code, &report["status"], &report["rows"]), (1, &json!("drift"), &json!(250)), "{said}{report}");
    let window = &report["window"];
    assert_eq!((&window["unreadable"], &window["other_models"]), (&json!(2), &json!(1)));
    assert!(window["first_unreadable"].as_str().unwrap().ends_with("pod.jsonl:1"), "{window}");
    let told = |feature: usize| (&report["features"][feature]["missing"], &report["features"][feature]["status"]);
    assert_eq!(told(0), (&json!(0), &json!("drift")));
    for feature in 1..4 {
        assert_eq!(told(feature), (&json!(250), &json!("not_enough_data")));
    }
}

/// What is done to a reference sample, and what is said of it.
type Case<'a> = (&'a dyn Fn(&mut Value), &'a str);

#[test]
fn a_reference_of_something_else_is_refused() {
    let project = trained();
    project.train(&project.registry(), 1);
    let window = project.text("iris.csv");
    let forged = |change: &dyn Fn(&mut Value)| {
        with(&project.registry(), async |registry| {
            let version = registry.aliased("iris-model", "champion").await.unwrap().unwrap();
            let mut model_files = registry.files(&version, 1 << 20).await.unwrap();
            let place = model_files.iter().position(|file| file.path == "reference.json").unwrap();
            let mut reference: Value = serde_json::from_slice(&model_files[place].bytes).unwrap();
            change(&mut reference);
            if reference.is_null() {
                model_files.remove(place);
            } else {
                model_files[place] = File { path: "reference.json".into(), bytes: Bytes::from(reference.to_string()) };
            }
            let (name, empty) = (|text: &str| text.to_owned(), std::collections::BTreeMap::new());
            let submission = Submission {
                model: name("iris-model"),
                experiment: name("x"),
                run_name: name("x"),
                params: empty,
                metrics: std::collections::BTreeMap::new(),
                tags: version.tags.clone(),
                model_files,
                run_files: Vec::new(),
                started: std::time::SystemTime::now(),
            };
            registry.register(submission).await.unwrap().number
        })
    };
    let judge = |number: &str| {
        judged(&mut drift(&project, &project.registry(), &["--window", &window, "--model-version", number]))
    };
    // As it is, it is right.
    let (code, report, said) = judge(&forged(&|_| ()));
    assert_eq!((code, &report["status"]), (0, &json!("not_enough_data")), "{said}");
    let cases: [Case; 6] = [
        (&|reference| reference["model"] = json!("diabetes-model"), "of the model diabetes-model, not of iris-model"),
        (
            &|reference| reference["data_sha256"] = json!("abc"),
            "of data with the SHA-256 abc, and the version was trained on",
        ),
        (&|reference| reference["features"][0]["name"] = json!("Glucose"), "has the features Glucose, sepal_width"),
        (
            &|reference| reference["features"][0] = json!({"name": "sepal_length", "counts": {"a": 3}}),
            "another type for sepal_length",
        ),
        (&|reference| reference["rows"] = json!("many"), "reference.json cannot be read"),
        (&|reference| *reference = Value::Null, "has no reference sample"),
    ];
    for (change, wanted) in cases {
        let (code, report, said) = judge(&forged(change));
        assert!(
            code == 2 && said.contains(wanted) && said.contains("\n\nhint: ") && report.is_null(),
            "{wanted}: {said}"
        );
    }
    let (code, _, said) = judge("99");
    assert!(code == 2 && said.contains("has no version 99 of iris-model"), "{said}");
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let project = trained();
    let (window, folder) = (project.text("iris.csv"), project.text("nowhere"));
    let cases: [(&[&str], &str); 9] = [
        (&[], "nothing says where the rows are"),
        (&["--html", "-"], "cannot both be printed"),
        (&["--database-url", "postgresql://127.0.0.1:1/x", "--prediction-log", "x"], "leave out DATABASE_URL"),
        (&["--prediction-log", &folder], "cannot read "),
        (&["--window", &folder], "cannot read "),
        (&["--prediction-log", "x", "--last", "soon"], "24h"),
        (
            &["--prediction-log", "x", "--since", "2026-01-02T00:00:00Z", "--until", "2026-01-01T00:00:00Z"],
            "before it begins",
        ),
        (&["--window", &window, "--level", "1.5"], "between 0 and 1"),
        (&["--window", &window, "--min-rows", "0"], "0 is not in 1.."),
    ];
    for (arguments, wanted) in cases {
        let (code, _, said) = judged(&mut drift(&project, &project.registry(), arguments));
        assert!(code == 2 && said.contains(wanted), "{arguments:?}: {code} {said}");
    }
    // What may come back is not bad input, nor drift.
    let (code, _, said) =
        judged(&mut drift(&project, &project.registry(), &["--database-url", "postgresql://me:s3cret@127.0.0.1:1/x"]));
    assert!(code == 3 && said.contains("hint: ") && !said.contains("s3cret"), "{code} {said}");
    let (code, ..) = judged(&mut drift(&project, "http://127.0.0.1:1", &["--window", &window, "--wait-seconds", "0"]));
    assert_eq!(code, 3);
}

/// A report by hand: a table for the terminal, and a page that needs nothing else.
#[test]
fn the_page_needs_nothing_else() {
    let project = trained();
    let html = project.text("report.html");
    let file = project.model_file();
    let rows = "sepal_length,sepal_width\n".to_owned() + &"<script>,3\n9.5,3.1\n".repeat(250);
    fs::write(project.path("a & b <i>.csv"), rows).unwrap();
    let mut command = serving(&["drift", "--model-file", &file, "--registry", &project.registry(), "--html", &html]);
    let Output { status, stdout, .. } = run(command.arg("--window").arg(project.path("a & b <i>.csv")));
    let table = String::from_utf8_lossy(&stdout).into_owned();
    assert_eq!(status.code(), Some(1), "{table}");
    assert!(table.contains("iris-model, version 1: drift in sepal_length"), "{table}");
    assert!(table.contains("values that are missing: 250 in sepal_length, 500 in petal_length"), "{table}");
    let page = fs::read_to_string(&html).unwrap();
    // A pod has nowhere to write to, and no program that could take it out.
    let mut command = serving(&["drift", "--model-file", &file, "--registry", &project.registry(), "--html", "-"]);
    let Output { stdout, stderr, .. } = run(command.arg("--window").arg(project.path("a & b <i>.csv")));
    assert!(stdout.starts_with(b"<!doctype html>") && stdout.ends_with(b"</html>\n"), "the page and nothing else");
    assert!(String::from_utf8_lossy(&stderr).contains("drift in sepal_length"));
    assert!(page.contains("a &#38; b &#60;i&#62;.csv") && !page.contains("<i>.csv"), "what is foreign is escaped");
    for outside in ["<script", "http:", "https:", "@import", "url(", "<link", "<img"] {
        assert!(!page.contains(outside), "{outside}");
    }
    for wanted in [
        "<html lang=\"en\">",
        "prefers-color-scheme: dark",
        "role=\"img\"",
        "scope=\"row\"",
        "<title>iris-model, version 1: drift in",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
}
