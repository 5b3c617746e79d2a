//! What `/explain` tells, beside the `shap` package on the same ONNX file and the same background sample.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use bytes::Bytes;
use forest::Table;
use model_file::ModelFile;
use registry::{File, Submission};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use servers::{repository, run};
use serving::model::Features;
use tempfile::TempDir;

use crate::{
    program::{Api, done, model_file, post, serving},
    project::with,
    samples::diabetes,
};

/// A model of the repository, trained on `csv`, with its version's files beside it.
struct Explained {
    folder: TempDir,
    file: ModelFile,
    model_file: String,
    rows: Vec<Vec<f32>>,
}

/// What shap says: `[classes]`, and `[rows][features][classes]`.
#[derive(Deserialize)]
struct Said {
    base: Vec<f64>,
    contributions: Vec<Vec<Vec<f64>>>,
}

impl Explained {
    /// Trains the model, and takes every `step`th row of `csv` to explain.
    fn new(name: &str, csv: &str, step: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let model_file = model_file(name);
        let (file, _) = ModelFile::read(name, &fs::read(&model_file).unwrap()).unwrap();
        let table = Table::read(name, csv.as_bytes(), &file).unwrap();
        let rows = table.rows().step_by(step).map(<[f32]>::to_vec).collect();
        let made = Self { folder, file, model_file, rows };
        fs::write(made.path("data.csv"), csv).unwrap();
        let (registry, data) = (made.registry(), made.path("data.csv"));
        done(serving(&["train", "--model-file", &made.model_file, "--registry", &registry, "--data"]).arg(data));
        for file in made.files() {
            let name = Path::new(&file.path).file_name().unwrap().to_owned();
            fs::write(made.folder.path().join(name), file.bytes).unwrap();
        }
        fs::write(made.path("rows.json"), json!(made.rows).to_string()).unwrap();
        fs::write(made.path("values.json"), json!(made.words()).to_string()).unwrap();
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn registry(&self) -> String {
        self.path("registry").to_string_lossy().into_owned()
    }

    fn model(&self) -> &str {
        &self.file.registry.model.value
    }

    fn files(&self) -> Vec<File> {
        with(&self.registry(), async |registry| {
            let versions = registry.versions(self.model()).await.unwrap();
            registry.files(&versions[0], 1 << 24).await.unwrap()
        })
    }

    /// The values of each category.
    fn words(&self) -> BTreeMap<&str, &[String]> {
        let features = self.file.features.value.iter();
        features.filter_map(|one| Some((one.name.value.as_str(), one.values.as_ref()?.value.as_slice()))).collect()
    }

    fn shap(&self, what: &str) -> Vec<u8> {
        let python = repository().join("target/tools/shap/bin/python");
        let script = repository().join("tests/serving/cases/explain.py");
        let said = run(Command::new(python).arg(script).arg(what).arg(self.folder.path()));
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        said.stdout
    }

    fn api(&self) -> Api {
        Api::start(&self.model_file, &self.registry(), &[], &[]).ready()
    }

    /// The rows as clients write them.
    fn bodies(&self) -> Vec<Value> {
        let features = Features::of(&self.file);
        let body = |row: &Vec<f32>| {
            let cells = features.all().zip(row).map(|(feature, &value)| (feature.name.clone(), feature.shown(value)));
            cells.collect::<Map<_, _>>().into()
        };
        self.rows.iter().map(body).collect()
    }

    /// The largest difference between the API and shap, after the API's answers were found additive.
    fn difference(&self, api: &Api, what: &str) -> f64 {
        let said: Said = serde_json::from_slice(&self.shap(what)).unwrap();
        assert_eq!(said.contributions.len(), self.rows.len());
        let answers = self.bodies().chunks(100).flat_map(|rows| explain(api, &json!(rows))).collect::<Vec<_>>();
        assert_eq!(answers.len(), self.rows.len());
        let mut worst = 0.0_f64;
        for (answer, said_of_row) in answers.iter().zip(&said.contributions) {
            for (class, stated) in self.file.classes.value.iter().enumerate() {
                let value = &stated.value.value;
                let number = |part: &Value| part[value].as_f64().unwrap_or_else(|| panic!("{value}: {answer}"));
                let mut sum = number(&answer["base_values"]);
                worst = worst.max((sum - said.base[class]).abs());
                for (feature, said) in self.file.features.value.iter().zip(said_of_row) {
                    let told = number(&answer["contributions"][&feature.name.value]);
                    worst = worst.max((told - said[class]).abs());
                    sum += told;
                }
                assert!((sum - number(&answer["probabilities"])).abs() < 1e-9, "{answer}");
            }
        }
        println!("{} {what}: {} rows, largest difference {worst:e}", self.model(), self.rows.len());
        worst
    }
}

fn explain(api: &Api, rows: &Value) -> Vec<Value> {
    let (status, text) = post(&api.url("/explain"), &rows.to_string(), &[]);
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_forest_of_two_classes_is_explained_as_by_shap() {
    let diabetes = Explained::new("diabetes", &diabetes(), 1);
    let worst = diabetes.difference(&diabetes.api(), "trees");
    assert!(worst < 1e-6, "{worst}");
}

/// The same trees as a gradient boosting would have them, to compare with `model_output="probability"`.
#[test]
fn a_logistic_score_is_explained_as_by_shap() {
    let diabetes = Explained::new("diabetes", &diabetes(), 2);
    diabetes.shap("logistic");
    let onnx = fs::read(diabetes.path("logistic.onnx")).unwrap();
    fs::write(diabetes.path("model.onnx"), &onnx).unwrap();
    let mut files = diabetes.files();
    for file in &mut files {
        if file.path == "model.onnx" {
            file.bytes = Bytes::from(onnx.clone());
        }
    }
    with(&diabetes.registry(), async |registry| {
        let text = str::to_owned;
        let submission = Submission {
            model: text(diabetes.model()),
            experiment: text("logistic"),
            run_name: text("logistic"),
            params: BTreeMap::new(),
            metrics: BTreeMap::new(),
            tags: BTreeMap::new(),
            model_files: files,
            run_files: Vec::new(),
            started: std::time::SystemTime::now(),
        };
        let version = registry.register(submission).await.unwrap();
        registry.set_alias(diabetes.model(), "champion", &version.number).await.unwrap();
    });
    let api = diabetes.api();
    assert_eq!(api.version().as_deref(), Some("2"));
    let worst = diabetes.difference(&api, "trees");
    assert!(worst < 1e-6, "{worst}");
}

/// A category of several columns is one feature, for shap too if it asks the whole graph.
#[test]
fn categories_are_explained_as_by_asking_about_every_coalition() {
    let (csv, _) = done(&mut serving(&["sample", "churn", "--rows", "1200", "--seed", "7"]));
    let churn = Explained::new("churn", &csv, 60);
    let worst = churn.difference(&churn.api(), "exact");
    assert!(worst < 1e-6, "{worst}");
}

/// One forest for each of several classes, whose shares are the probabilities.
#[test]
fn several_classes_are_explained_as_by_asking_about_every_coalition() {
    let csv = fs::read_to_string(repository().join("models/data/iris.csv")).unwrap();
    let iris = Explained::new("iris", &csv, 3);
    let worst = iris.difference(&iris.api(), "exact");
    assert!(worst < 1e-6, "{worst}");
}
