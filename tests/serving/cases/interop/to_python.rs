//! What `serving train` registers, as the Python client, MLflow's pyfunc and onnxruntime see it.

use std::fs;

use serde_json::{Value, json};
use servers::{repository, run};

use super::{Room, SAME, Shares, difference, served};
use crate::{
    program::{done, model_file, serving},
    samples::{CHURN, VISITS, churn, diabetes, visits},
};

#[derive(Clone)]
struct Case {
    name: &'static str,
    file: String,
    data: String,
    target: &'static str,
}

pub fn models(room: &Room) {
    let cases = [
        Case {
            name: "iris-model",
            file: model_file("iris"),
            data: repository().join("models/data/iris.csv").to_string_lossy().into_owned(),
            target: "species",
        },
        Case {
            name: "diabetes-model",
            file: model_file("diabetes"),
            data: room.write("diabetes.csv", &diabetes()),
            target: "Outcome",
        },
        Case {
            name: "churn-model",
            file: room.write("churn.yaml", CHURN),
            data: room.write("churn.csv", &churn()),
            target: "churned",
        },
        Case {
            name: "visits-model",
            file: room.write("visits.yaml", VISITS),
            data: room.write("visits.csv", &visits()),
            target: "bought",
        },
    ];
    let mut python = room.python("load_models.py");
    let mut printed = Vec::new();
    for Case { name, file, data, target } in &cases {
        let arguments = ["train", "--model-file", file, "--data", data, "--registry", &room.server.url()];
        printed.push(done(&mut serving(&arguments)).0);
        python.args([name, data.as_str(), target]);
    }
    // What `serving register` brought goes the same way.
    let brought =
        Case { name: "brought", file: room.path("brought.yaml").to_string_lossy().into_owned(), ..cases[0].clone() };
    python.args([brought.name, &brought.data, brought.target]);
    let said = run(&mut python);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let said = String::from_utf8(said.stdout).unwrap();
    let seen: Vec<Value> = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    for ((case, seen), printed) in cases.iter().zip(&seen).zip(&printed) {
        logged(case, seen, printed);
        predicted(room, case, seen);
    }
    predicted(room, &brought, &seen[4]);
    // Once for each type: what one model shows of the rest.
    assert_eq!(seen[2]["params"]["n_estimators"], "30");
    assert_eq!((&seen[0]["experiment"], &seen[0]["run"]), (&json!("iris-classification"), &json!("iris-rf-model")));
    let types = json!({"age": "long", "colour": "string", "usage": "double", "plan": "string"});
    assert_eq!(seen[2]["inputs"], types);
    assert_eq!(seen[2]["example"], json!([{"age": 54, "colour": "red", "usage": 5.0, "plan": "basic"}]));
}

/// Parameters, metrics, tags and artifacts of the run.
fn logged(case: &Case, seen: &Value, printed: &str) {
    let keys = |what: &str| seen[what].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let parameters = [
        "algorithm",
        "data",
        "max_depth",
        "max_features",
        "min_samples_leaf",
        "min_samples_split",
        "n_estimators",
        "random_state",
        "rows_test",
        "rows_train",
        "stratify",
        "test_size",
    ];
    assert_eq!(keys("params"), parameters);
    assert_eq!((&seen["params"]["stratify"], &seen["params"]["data"]), (&json!("True"), &json!(case.data)));
    assert_eq!(keys("metrics"), ["accuracy", "auc_roc", "f1_score", "precision", "recall"]);
    for (name, score) in seen["metrics"].as_object().unwrap() {
        assert!(
            printed.contains(&format!("{name:<10}  {:.4}\n", score.as_f64().unwrap())),
            "{name}: {score}\n{printed}"
        );
    }
    let sum = run(std::process::Command::new("sha256sum").arg(&case.data)).stdout;
    assert_eq!(seen["tags"]["mlstack.data_sha256"], String::from_utf8_lossy(&sum[..64]).as_ref());
    assert_eq!(seen["tags"]["mlstack.spec_hash"].as_str().map(str::len), Some(64));
    assert!(seen["tags"]["mlstack.image_revision"].is_string(), "{}", seen["tags"]);
    assert_eq!(seen["status"], "FINISHED");
    let artifacts: Vec<&str> = seen["artifacts"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for plot in ["plots/calibration_curve.svg", "plots/feature_importances.svg", "plots/roc_curve.svg"] {
        assert!(artifacts.contains(&plot), "{artifacts:?}");
    }
    for file in ["MLmodel", "input_example.json", "model.onnx", "model.yaml", "reference.json", "requirements.txt"] {
        assert!(seen["files"].as_array().unwrap().contains(&json!(file)), "{file} {}", seen["files"]);
    }
    let importances = seen["importances"].as_object().unwrap();
    assert!(importances.keys().eq(seen["inputs"].as_object().unwrap().keys()), "{importances:?}");
    let sum: f64 = importances.values().filter_map(Value::as_f64).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{importances:?}");
    assert_eq!((&seen["outputs"], &seen["of_example"]), (&json!(["label", "probabilities"]), &json!(1)));
}

/// The same probabilities by pyfunc, onnxruntime and the service.
fn predicted(room: &Room, case: &Case, seen: &Value) {
    let rows = objects(&fs::read_to_string(&case.data).unwrap(), case.target);
    let (labels, shares) = served(&room.serve(&case.file), &rows);
    for by in ["pyfunc", "onnxruntime"] {
        let theirs: Vec<Shares> = serde_json::from_value(seen[by]["probabilities"].clone()).unwrap();
        let apart = difference(&shares, &theirs);
        println!("{} by {by}: {} rows, at most {apart:e} apart", case.name, rows.len());
        assert!(apart <= SAME);
        assert_eq!(seen[by]["labels"], json!(labels));
    }
}

/// The rows of a CSV file as a client sends them.
fn objects(csv: &str, target: &str) -> Vec<Value> {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let cell = |text: &str| text.parse().map_or_else(|_| json!(text), Value::Number);
    let row = |line: &str| {
        let cells = header.iter().zip(line.split(',')).filter(|(name, _)| **name != target);
        Value::Object(cells.map(|(name, text)| ((*name).to_owned(), cell(text))).collect())
    };
    lines.map(row).collect()
}
