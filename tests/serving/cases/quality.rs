//! How good our forests are: as good as scikit-learn's on the same splits, by scores that mean the same.
//!
//! One split's digits are luck (accuracy of 36 flowers comes in steps of 0.03), so means over twenty splits are compared.

use std::{fs, process::Command};

use forest::{Columns, Predictor, Scores, Table, fit};
use model_file::ModelFile;
use serde::Deserialize;
use serde_json::{Value, json};
use servers::{repository, run};

#[derive(Deserialize)]
struct Peer {
    parameters: Value,
    sets: Vec<DataSet>,
}

#[derive(Deserialize)]
struct DataSet {
    name: String,
    features: usize,
    classes: usize,
    splits: Vec<Split>,
}

/// The rows held back, and what scikit-learn's forest tells of them.
#[derive(Deserialize)]
struct Split {
    test: Vec<usize>,
    shares: Vec<f64>,
    scores: [f64; 5],
}

#[test]
fn forests_are_as_good_as_scikit_learns() {
    let folder = tempfile::tempdir().unwrap();
    let python = repository().join("target/tools/mlflow-3.17.2/bin/python");
    let script = repository().join("tests/serving/cases/quality.py");
    let said = run(Command::new(python).arg(script).arg(folder.path()));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let peer: Peer = serde_json::from_slice(&said.stdout).unwrap();
    for set in &peer.sets {
        let csv = fs::read(folder.path().join(format!("{}.csv", set.name))).unwrap();
        let (mut ours, mut theirs) = ([0.0; 5], [0.0; 5]);
        for (seed, split) in set.splits.iter().enumerate() {
            let file = model_file(set, &peer.parameters, seed);
            let table = Table::read(&set.name, &*csv, &file).unwrap();
            let truth: Vec<usize> = split.test.iter().map(|&row| table.class(row)).collect();
            let same = Scores::of(&truth, &split.shares, set.classes, 1).by_name();
            for ((name, score), wanted) in same.into_iter().zip(split.scores) {
                assert!((score - wanted).abs() < 1e-9, "{} {seed} {name}: {score}, not {wanted}", set.name);
            }
            let scores = judged(&table, split, &file, &truth, set.classes).by_name();
            for place in 0..5 {
                ours[place] += scores[place].1 / 20.0;
                theirs[place] += split.scores[place] / 20.0;
            }
        }
        for (place, name) in ["accuracy", "precision", "recall", "f1_score", "auc_roc"].iter().enumerate() {
            println!("{} {name}: {:.4}, scikit-learn {:.4}", set.name, ours[place], theirs[place]);
        }
        for place in [0, 4] {
            assert!((ours[place] - theirs[place]).abs() < 0.01, "{}: {ours:?} {theirs:?}", set.name);
        }
    }
}

fn judged(table: &Table, split: &Split, file: &ModelFile, truth: &[usize], classes: usize) -> Scores {
    let train: Vec<usize> = (0..table.len()).filter(|row| !split.test.contains(row)).collect();
    let columns = Columns::of(file);
    let fitted = fit(table, &train, &columns, &file.training).unwrap();
    let rows: Vec<f32> = split.test.iter().flat_map(|&row| table.row(row)).copied().collect();
    let shares = Predictor::new(&fitted.ensemble, &columns).predict_all(&rows, columns.len());
    Scores::of(truth, &shares, classes, 1)
}

fn model_file(set: &DataSet, parameters: &Value, seed: usize) -> ModelFile {
    let feature = |column| json!({"name": format!("x{column}"), "type": "number", "range": [0, 1]});
    let class = |class: usize| json!({"value": class.to_string(), "label": class.to_string()});
    let mut training = json!({"random_state": seed, "test_size": 0.2, "stratify": true});
    for (name, value) in parameters.as_object().unwrap() {
        training[name] = value.clone();
    }
    let text = json!({"registry": {"model": "m", "experiment": "m", "run": "m"}, "data": {"file": "m.csv", "target": "y"},
                      "features": (0..set.features).map(feature).collect::<Vec<_>>(),
                      "classes": (0..set.classes).map(class).collect::<Vec<_>>(), "training": training});
    ModelFile::read("m.yaml", text.to_string().as_bytes()).unwrap().0
}
