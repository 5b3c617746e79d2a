//! The Open Inference Protocol as its clients speak it: Triton's and `KServe`'s own, unchanged, in JSON.

use std::process::Command;

use serde_json::{Value, json};
use servers::{repository, run};

use crate::{
    program::{Api, done, model_file, serving},
    samples::{CHURN, churn},
};

#[test]
fn numbers() {
    let rows = [[5.1, 3.5, 1.4, 0.2], [6.2, 2.9, 4.3, 1.3], [7.7, 3.8, 6.7, 2.2]];
    let names = ["sepal_length", "sepal_width", "petal_length", "petal_width"];
    let object =
        |row: [f64; 4]| names.into_iter().zip(row).map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let rows: Vec<Value> = rows.into_iter().map(|row| Value::Object(object(row))).collect();
    asked(&model_file("iris"), None, "iris-model", &json!(rows), 6);
}

#[test]
fn words() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    std::fs::write(path("churn.yaml"), CHURN).unwrap();
    std::fs::write(path("churn.csv"), churn()).unwrap();
    let rows = json!([{"age": 30, "colour": "red", "usage": 2.5, "plan": "pro"},
                      {"age": 71, "colour": "blue", "usage": 9.25, "plan": "basic"}]);
    asked(&path("churn.yaml"), Some(&path("churn.csv")), "churn-model", &rows, 4);
}

/// Every client says what `/predict` says, each in so many `ways` together.
fn asked(model_file: &str, data: Option<&str>, model: &str, rows: &Value, ways: usize) {
    let folder = tempfile::tempdir().unwrap();
    let registry = folder.path().join("registry").to_string_lossy().into_owned();
    let mut train = serving(&["train", "--model-file", model_file, "--registry", &registry]);
    done(train.args(data.map(|data| ["--data", data]).into_iter().flatten()));
    let api = Api::start(model_file, &registry, &[], &[]).ready();
    let answer = api.predict(rows).1;
    let answers = answer.as_array().unwrap();
    let labels: Vec<&Value> = answers.iter().map(|answer| &answer["class"]).collect();

    let mut python = Command::new(repository().join("target/tools/clients/bin/python"));
    let host = api.url("").trim_start_matches("http://").to_owned();
    python.arg(repository().join("tests/serving/cases/protocol.py")).args([&host, model, &rows.to_string()]);
    let said = run(&mut python);
    assert!(said.status.success(), "{}\n{}", String::from_utf8_lossy(&said.stderr), api.log());
    let said = String::from_utf8(said.stdout).unwrap();
    let told: Vec<(Vec<Value>, Vec<Vec<f64>>)> = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!(told.len(), ways);
    // In the order of the model file.
    let classes = if model == "iris-model" { &["setosa", "versicolor", "virginica"][..] } else { &["no", "yes"] };
    for (theirs, probabilities) in &told {
        assert_eq!((theirs.iter().collect::<Vec<_>>(), probabilities.len()), (labels.clone(), answers.len()));
        for (row, answer) in probabilities.iter().zip(answers) {
            let ours: Vec<f64> = classes.iter().filter_map(|class| answer["probabilities"][class].as_f64()).collect();
            assert_eq!(*row, ours);
        }
    }
}
