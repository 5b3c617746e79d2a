//! Models go both ways: what is trained here is used in Python, and what is trained in Python is served here.

mod from_python;
mod to_python;

use std::{collections::BTreeMap, fs, path::PathBuf, process::Command};

use serde_json::{Value, json};
use servers::{Mlflow, Postgres};
use tempfile::TempDir;

use crate::program::Api;

/// The probability of each class.
type Shares = BTreeMap<String, f64>;

/// Largest difference between probabilities that are the same: weights are `f32`.
const SAME: f64 = 1e-6;

#[test]
fn mlflow_3() {
    both_ways("3.17.2");
}

#[test]
fn mlflow_2() {
    both_ways("2.17.2");
}

fn both_ways(version: &str) {
    let postgres = Postgres::start();
    let room = Room { server: Mlflow::start(version, &postgres), folder: tempfile::tempdir().unwrap() };
    from_python::models(&room);
    to_python::models(&room);
}

/// A registry, and a folder for files.
struct Room {
    server: Mlflow,
    folder: TempDir,
}

impl Room {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and says where.
    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name).to_string_lossy().into_owned()
    }

    fn python(&self, script: &str) -> Command {
        self.server.python(&servers::repository().join("tests/serving/cases/interop").join(script))
    }

    fn serve(&self, model_file: &str) -> Api {
        Api::start(model_file, &self.server.url(), &[], &[]).ready()
    }
}

/// What the service tells of rows: label and probabilities of each.
fn served(api: &Api, rows: &[Value]) -> (Vec<String>, Vec<Shares>) {
    let (status, answer) = api.predict(&json!(rows));
    assert_eq!(status, 200, "{answer}");
    let answers = answer.as_array().unwrap().iter();
    let told = |answer: &Value| {
        let shares = serde_json::from_value(answer["probabilities"].clone()).unwrap();
        (answer["class"].as_str().unwrap().to_owned(), shares)
    };
    answers.map(told).unzip()
}

/// The largest difference between probabilities of the same rows and classes.
fn difference(ours: &[Shares], theirs: &[Shares]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    let rows = ours.iter().zip(theirs).map(|(ours, theirs)| {
        assert!(ours.keys().eq(theirs.keys()), "{ours:?} {theirs:?}");
        ours.iter().map(|(class, share)| (share - theirs[class]).abs()).fold(0.0, f64::max)
    });
    rows.fold(0.0, f64::max)
}
