//! `serving register`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use clap::Args;
use forest::Table;
use registry::File;

use super::{
    Outcome, Trouble, block_on,
    options::Model,
    print,
    promote::{Champion, Trial, promote},
    tell,
};
use crate::{
    model::{Loaded, MODEL},
    train::{Condition, HeldBack, submission::foreign},
};

/// How long somebody who waits at a terminal waits for a registry.
const PATIENCE: Duration = Duration::from_secs(30);

/// Registers a model that was trained elsewhere, and moves the alias to it.
#[derive(Debug, Args)]
pub struct Register {
    /// The model, as ONNX: a forest or a gradient boosting as skl2onnx exports it.
    #[arg(value_name = "FILE.onnx")]
    onnx: PathBuf,
    #[command(flatten)]
    model: Model,
    /// A CSV file of rows that the model was not trained on, to judge it with.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Moves the alias only if this holds, such as auc_roc>=0.80 or auc_roc>=champion; needs --data. May be said several times.
    #[arg(long, env = "PROMOTE_IF", value_name = "CONDITION", value_delimiter = ',', requires = "data")]
    promote_if: Vec<Condition>,
}

impl Register {
    pub fn run(&self) -> Outcome {
        block_on(self.register())
    }

    async fn register(&self) -> Outcome {
        let file = self.model.read()?;
        let registry = self.model.registry()?;
        registry.make()?;
        self.promote_if.iter().try_for_each(|wanted| wanted.can_be_judged(false)).map_err(Trouble::Input)?;
        let onnx: bytes::Bytes = read(&self.onnx)?.into();
        // What is not to be served is not to be registered either.
        let alone = [File { path: MODEL.to_owned(), bytes: onnx.clone() }];
        let model = Loaded::new("", &alone, &file)
            .map_err(|error| Trouble::Input(format!("{} is not registered: {error}", self.onnx.display())))?;
        let held_back = match &self.data {
            None => None,
            Some(path) => {
                let name = path.display().to_string();
                let table = Table::read(&name, &*read(path)?, &file).map_err(Trouble::input)?;
                Some(HeldBack::of(&table, &(0..table.len()).collect::<Vec<_>>(), &file))
            }
        };
        let scores = held_back.as_ref().map(|rows| rows.judge(&model.predictor));
        let metrics: BTreeMap<String, f64> =
            scores.iter().flat_map(forest::Scores::by_name).map(|(name, score)| (name.to_owned(), score)).collect();
        for (name, score) in &metrics {
            print(&format!("{name:<10}  {score:.4}\n"));
        }
        let version = registry.register(foreign(&file, onnx, metrics.clone(), SystemTime::now())).await?;
        let name = &file.registry.model.value;
        tell(&format!("registered version {} of {name} in {}", version.number, registry.shown()));
        let champion =
            Champion { registry: &registry, model: name, alias: &self.model.model_alias, patience: PATIENCE };
        let rows = held_back.as_ref();
        let trial = rows.map(|held_back| Trial { predictor: &model.predictor, held_back, learnt: None });
        promote(&champion, &self.promote_if, &version, &metrics, trial, &file).await
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Trouble> {
    fs::read(path)
        .map_err(|error| Trouble::Input(format!("cannot read {}: {error}\n\nhint: check the path", path.display())))
}
