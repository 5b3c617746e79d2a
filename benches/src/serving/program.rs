//! The program of the serving image, a model that it trained, and servers of it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use super::{
    KEY,
    data::Data,
    process::{Process, free_port},
};
use crate::{
    cost::{Cost, run},
    step,
};

/// Everything that is served and asked, in a folder that vanishes.
pub struct Program {
    /// The repository.
    pub workspace: PathBuf,
    /// What was drawn.
    pub data: Data,
    /// Bytes of the image's tar.
    pub image: u64,
    folder: TempDir,
}

impl Program {
    /// Builds the image, takes the program out of it, and trains a model with it.
    pub fn prepare() -> Result<Self> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("this package lies in no workspace")?;
        let folder = TempDir::new()?;
        step("building the image");
        let image = |option: &str, name: &str| {
            let mut cargo = Command::new("cargo");
            cargo.args(["run", "--quiet", "--package", "image", "--", option]).arg(folder.path().join(name));
            run(cargo.current_dir(workspace))
        };
        image("--output", "image")?;
        image("--root", "root")?;
        let data = Data::draw()?;
        fs::write(folder.path().join("diabetes.csv"), &data.csv)?;
        fs::write(folder.path().join("bodies"), &data.bodies)?;
        let image = fs::metadata(folder.path().join("image/serving.tar"))?.len();
        let program = Self { workspace: workspace.to_owned(), data, image, folder };
        step("training a model");
        program.train("registry")?;
        Ok(program)
    }

    /// Trains the model into an empty registry, and says what that cost.
    pub fn train(&self, registry: &str) -> Result<Cost> {
        run(self.serving("train", registry).arg("--data").arg(self.path("diabetes.csv")))
    }

    /// Starts a server of the model, with key, token and metrics, as in a cluster.
    pub fn serve(&self) -> Result<Process> {
        let port = free_port()?;
        let mut command = self.serving("serve", "registry");
        command.args(["--listen", &format!("127.0.0.1:{port}"), "--cache"]).arg(self.path("cache"));
        command.envs([("API_KEY", KEY), ("MONITORING_TOKEN", KEY)]);
        Process::start(&command, port)
    }

    /// Takes the registry away: from now on servers start from their cache.
    pub fn hide_registry(&self) -> Result<()> {
        ensure!(self.path("cache/current.json").is_file(), "the server kept no version in its cache");
        fs::rename(self.path("registry"), self.path("away")).context("cannot move the registry")
    }

    /// The model as ONNX, as the server has it.
    pub fn onnx(&self) -> Result<PathBuf> {
        let versions = fs::read_dir(self.path("cache")).context("the server kept no version in its cache")?;
        let files = versions.flatten().map(|version| version.path().join("model.onnx"));
        files.into_iter().find(|file| file.is_file()).context("the cached version has no model.onnx")
    }

    /// A file of the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The model file.
    pub fn model_file(&self) -> PathBuf {
        self.workspace.join("models/diabetes.yaml")
    }

    /// The program as it is: the image's entry point is its only one.
    pub fn program(&self) -> Command {
        Command::new(self.path("root/serving"))
    }

    fn serving(&self, command: &str, registry: &str) -> Command {
        let mut serving = self.program();
        serving.arg(command).arg("--model-file").arg(self.model_file());
        serving.arg("--registry").arg(self.path(registry));
        serving
    }
}
