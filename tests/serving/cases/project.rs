//! A model of the test's own: iris with a few trees, its data, and a registry in a folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use registry::{Credentials, Registry};
use serde_json::{Value, json};
use servers::{repository, run};
use tempfile::TempDir;

use crate::program::{Api, done, serving};

/// What the model tells apart.
pub const SPECIES: [&str; 3] = ["setosa", "versicolor", "virginica"];

/// A folder with a model file, its data and a registry.
pub struct Project {
    folder: TempDir,
}

impl Project {
    /// Nothing is trained yet.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let models = repository().join("models");
        let stated = fs::read_to_string(models.join("iris.yaml")).unwrap();
        let lines = stated.lines().filter(|line| !line.contains("sha256:")).collect::<Vec<_>>().join("\n");
        let few = lines.replace("data/iris.csv", "iris.csv").replace("n_estimators: 100", "n_estimators: 5");
        assert!(few.contains("n_estimators: 5\n") && few.contains("file: iris.csv"), "{few}");
        fs::write(folder.path().join("model.yaml"), few).unwrap();
        fs::copy(models.join("data/iris.csv"), folder.path().join("iris.csv")).unwrap();
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    pub fn model_file(&self) -> String {
        self.text("model.yaml")
    }

    /// The registry of those that need no server.
    pub fn registry(&self) -> String {
        self.text("registry")
    }

    /// Trains a version that calls each species by the name of the one `shift` further: same rows, other answers.
    pub fn train(&self, registry: &str, shift: usize) {
        let rows = fs::read_to_string(self.path("iris.csv")).unwrap();
        let (header, rows) = rows.split_once('\n').unwrap();
        let renamed = rows.lines().map(|row| {
            let (numbers, species) = row.rsplit_once(',').unwrap();
            let place = SPECIES.iter().position(|one| *one == species).unwrap();
            format!("{numbers},{}\n", SPECIES[(place + shift) % 3])
        });
        let data = self.path(&format!("shift-{shift}.csv"));
        fs::write(&data, format!("{header}\n{}", renamed.collect::<String>())).unwrap();
        self.train_on(registry, &data);
    }

    /// Trains a version on a file.
    pub fn train_on(&self, registry: &str, data: &Path) {
        done(serving(&["train", "--model-file", &self.model_file(), "--registry", registry, "--data"]).arg(data));
    }

    /// Exit code and stderr of `serving train` with these arguments, on the data of the model file.
    pub fn training(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = serving(&["train", "--model-file", &self.model_file()]);
        if !arguments.contains(&"--registry") {
            command.args(["--registry", &self.registry()]);
        }
        let ended = run(command.args(arguments));
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        (ended.status.code().unwrap_or_else(|| panic!("{}: {said}", ended.status)), said)
    }

    /// Serves what the registry's champion is, or whatever `arguments` say.
    pub fn serve(&self, registry: &str, arguments: &[&str]) -> Api {
        Api::start(&self.model_file(), registry, arguments, &[])
    }
}

/// Serves a new model with these arguments and variables.
pub fn api(arguments: &[&str], variables: &[(&str, &str)]) -> Api {
    let project = Project::new();
    project.train(&project.registry(), 0);
    Api::start(&project.model_file(), &project.registry(), arguments, variables).ready()
}

/// Rows as clients write them: every fifth of the flowers.
pub fn rows() -> Vec<Value> {
    let text = fs::read_to_string(repository().join("models/data/iris.csv")).unwrap();
    let row = |line: &str| {
        let cells: Vec<f64> = line.split(',').take(4).map(|cell| cell.parse().unwrap()).collect();
        json!({"sepal_length": cells[0], "sepal_width": cells[1], "petal_length": cells[2], "petal_width": cells[3]})
    };
    text.lines().skip(1).step_by(5).map(row).collect()
}

/// Moves the champion.
pub fn promote(location: &str, version: &str) {
    with(location, async |registry| registry.set_alias("iris-model", "champion", version).await.unwrap());
}

/// Runs `work` with the registry at `location`.
pub fn with<T>(location: &str, work: impl AsyncFnOnce(Registry) -> T) -> T {
    let registry = Registry::open(&location.parse().unwrap(), &Credentials::default()).unwrap();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work(registry))
}

/// The ONNX file of a version.
pub fn onnx(registry: &str, number: &str) -> Bytes {
    with(registry, async |registry| {
        let versions = registry.versions("iris-model").await.unwrap();
        let version = versions.iter().find(|version| version.number == number).unwrap();
        let files = registry.files(version, 1 << 20).await.unwrap();
        files.into_iter().find(|file| file.path == "model.onnx").unwrap().bytes
    })
}
