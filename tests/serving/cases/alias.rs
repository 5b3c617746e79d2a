//! The alias moves a hundred times while clients ask: every answer is of one version, and none is missing.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    program::{Api, Client},
    project::{Project, promote, rows, with},
};

const MOVES: u64 = 100;

/// The answers to [`rows`] of each version, told by a server that follows nothing else.
fn known(project: &Project, registry: &str) -> BTreeMap<String, Value> {
    let answers = |version: &str| {
        let alias = format!("only-{version}");
        with(registry, async |registry| registry.set_alias("iris-model", &alias, version).await.unwrap());
        let api = project.serve(registry, &["--model-alias", &alias]).ready();
        let (status, answers) = api.predict(&json!(rows()));
        assert_eq!(status, 200, "{answers}");
        (version.to_owned(), answers)
    };
    ["1", "2"].map(answers).into()
}

/// Asks in every way that there is, until it is over; gives back how often.
fn ask(api: &Api, known: &BTreeMap<String, Value>, over: &AtomicBool, first: usize) -> usize {
    let (client, rows) = (Client::new(), rows());
    let mut asked = 0;
    while !over.load(Relaxed) {
        let place = (first + asked) % rows.len();
        match asked % 3 {
            0 => {
                let answer = client.ask(&api.url("/predict"), &rows[place]);
                assert!(known.values().any(|answers| answers[place] == answer), "{answer}");
            }
            1 => {
                let answer = client.ask(&api.url("/predict"), &json!(rows));
                assert!(known.values().any(|answers| *answers == answer), "a mixed answer: {answer}");
            }
            _ => {
                let tensor = |name: &str| {
                    let column: Vec<&Value> = rows.iter().map(|row| &row[name]).collect();
                    json!({"name": name, "datatype": "FP64", "shape": [rows.len()], "data": column})
                };
                let names = ["sepal_length", "sepal_width", "petal_length", "petal_width"];
                let url = api.url("/v2/models/iris-model/infer");
                let answer = client.ask(&url, &json!({"inputs": names.map(tensor)}));
                let answers = known[answer["model_version"].as_str().unwrap()].as_array().unwrap();
                let labels: Vec<&Value> = answers.iter().map(|answer| &answer["class"]).collect();
                assert_eq!(answer["outputs"][0]["data"], json!(labels), "{answer}");
            }
        }
        asked += 1;
    }
    asked
}

/// Ends the clients, also when the test stops at a surprise.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

#[test]
fn every_answer_is_of_one_version() {
    let project = Project::new();
    let registry = project.registry();
    project.train(&registry, 0);
    project.train(&registry, 1);
    let known = known(&project, &registry);
    let two = known["2"].as_array().unwrap();
    assert!(known["1"].as_array().unwrap().iter().zip(two).all(|(one, two)| one["class"] != two["class"]), "{known:?}");

    let api = project.serve(&registry, &["--poll-seconds", "0.1"]).ready();
    let (over, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for first in 0..6 {
            let (api, known, over, asked) = (&api, &known, &over, &asked);
            scope.spawn(move || {
                asked.fetch_add(ask(api, known, over, first), Relaxed);
            });
        }
        let _over = Over(&over);
        // At random, but the same in every run; shorter and longer than a poll.
        let mut state = 42_u64;
        for step in 0..MOVES {
            promote(&registry, if step % 2 == 0 { "1" } else { "2" });
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            thread::sleep(Duration::from_millis(20 + (state >> 33) % 230));
        }
    });
    let loads = api.metric("model_loads_total").unwrap();
    assert!(loads >= 40.0, "only {loads} of {MOVES} moves were followed");
    assert!(asked.into_inner() > 1000);
    let failed = api.metrics().lines().any(|line| line.contains("status=\"5") || line.contains("status=\"4"));
    assert!(!failed && api.metric("model_load_errors_total") == Some(0.0), "{}", api.metrics());
}
