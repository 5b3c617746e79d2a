//! What scikit-learn trained and the Python client logged, served; an alias moved in Python decides which version.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdout, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::{Value, json};
use servers::run;

use super::{Room, SAME, Shares, difference, served};
use crate::program::{Api, done, model_file, serving};

/// A version as the session in Python describes it.
#[derive(Deserialize)]
struct Logged {
    name: String,
    what: String,
    rows: Vec<Vec<f64>>,
    shares: Vec<Shares>,
}

/// A session in Python that goes on while its versions are served.
struct Session {
    process: Child,
    said: BufReader<ChildStdout>,
}

impl Drop for Session {
    fn drop(&mut self) {
        // Without input it ends by itself.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

impl Session {
    fn start(room: &Room) -> (Self, Vec<Logged>) {
        let mut command = room.python("train_models.py");
        command.arg(room.folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.stderr(fs::File::create(room.path("python.log")).unwrap()).spawn().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        let mut session = Self { process, said };
        let logged = loop {
            let line = session.line();
            assert!(!line.is_empty(), "{}", fs::read_to_string(room.path("python.log")).unwrap());
            // Clients of MLflow announce what they make, line by line.
            if let Ok(logged) = serde_json::from_str(&line) {
                break logged;
            }
        };
        (session, logged)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line
    }

    /// Moves `champion` to this version.
    fn champion(&mut self, name: &str, version: usize) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{name} {version}").unwrap();
        assert_eq!(self.line(), "moved\n");
    }
}

/// A model file for these features (numbers) and classes.
fn stated(name: &str, features: &[&str], classes: &[&str]) -> String {
    let features: Vec<Value> =
        features.iter().map(|name| json!({"name": name, "type": "number", "range": [0, 10]})).collect();
    let classes: Vec<Value> = classes.iter().map(|value| json!({"value": value, "label": value})).collect();
    let training = json!({"n_estimators": 10, "max_depth": 5, "min_samples_split": 2, "min_samples_leaf": 1,
                          "random_state": 1, "test_size": 0.2, "stratify": true});
    json!({"registry": {"model": name, "experiment": name, "run": name}, "data": {"file": "x.csv", "target": "y"},
           "features": features, "classes": classes, "training": training})
    .to_string()
}

const CELLS: [&str; 5] = ["radius", "texture", "perimeter", "area", "smoothness"];
const FLOWERS: [&str; 4] = ["sepal_length", "sepal_width", "petal_length", "petal_width"];

pub fn models(room: &Room) {
    let (mut session, logged) = Session::start(room);
    // The classes of `species` stand in another order than in the models, which sort them.
    for (name, features, classes) in [
        ("cells", &CELLS[..], &["1", "0"][..]),
        ("flowers", &FLOWERS, &["0", "1", "2"]),
        ("species", &FLOWERS, &["virginica", "setosa", "versicolor"]),
    ] {
        let file = room.write(&format!("{name}.yaml"), &stated(name, features, classes));
        session.champion(name, 1);
        let api = room.serve(&file);
        let versions: Vec<_> = logged.iter().filter(|version| version.name == name).collect();
        assert!(versions.len() > 2);
        // Back to the first at the end, as somebody does who is not happy with a new version.
        for number in (1..=versions.len()).chain([1]) {
            session.champion(name, number);
            follows(&api, number);
            told(&api, features, versions[number - 1]);
        }
    }
    // The file is of the forest that was logged first.
    registered(room, logged.iter().find(|version| version.name == "species").unwrap());
}

fn follows(api: &Api, number: usize) {
    let end = Instant::now() + Duration::from_secs(20);
    while api.version() != Some(number.to_string()) {
        assert!(Instant::now() < end, "version {number} is not served:\n{}", api.log());
        sleep(Duration::from_millis(20));
    }
}

/// The service tells what scikit-learn told.
fn told(api: &Api, features: &[&str], version: &Logged) {
    let object = |row: &Vec<f64>| {
        Value::Object(features.iter().map(|name| (*name).to_owned()).zip(row.iter().map(|cell| json!(cell))).collect())
    };
    let rows: Vec<Value> = version.rows.iter().map(object).collect();
    let apart = difference(&served(api, &rows).1, &version.shares);
    println!("{}, {}: {} rows, at most {apart:e} apart", version.name, version.what, rows.len());
    assert!(apart <= SAME);
}

/// `serving register` takes the file of a forest, and no other.
fn registered(room: &Room, same: &Logged) {
    let iris = fs::read_to_string(model_file("iris")).unwrap();
    let brought = room.write("brought.yaml", &iris.replace("iris-model", "brought"));
    let data = servers::repository().join("models/data/iris.csv").to_string_lossy().into_owned();
    let register = |file: &str| {
        let file = room.path(file).to_string_lossy().into_owned();
        let mut command = serving(&["register", &file, "--data", &data, "--promote-if", "accuracy>=0.9"]);
        command.args(["--model-file", &brought, "--registry", &room.server.url()]);
        command
    };
    let (out, err) = done(&mut register("forest.onnx"));
    assert!(out.contains("accuracy    1.0000") && err.contains("champion is version 1 now"), "{out}{err}");
    let api = room.serve(&brought);
    told(&api, &FLOWERS, same);
    for (file, words) in [
        ("logistic.onnx", "the operator LinearClassifier, which is not served"),
        ("features.onnx", "it takes 5 columns, the model file has 4"),
        ("classes.onnx", "it tells apart 0, 1, 2, the model file setosa, versicolor, virginica"),
        ("python.log", "this is no ONNX file"),
    ] {
        let refused = run(&mut register(file));
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{file}: {said}");
        assert!(said.contains(words) && said.contains("hint: ") && !said.contains("registered version"), "{said}");
    }
    assert_eq!(api.version().as_deref(), Some("1"));
}
