//! `serving train`.

use std::{
    fs,
    time::{Duration, SystemTime},
};

use clap::Args;
use forest::{Predictor, Table};
use registry::Version;

use super::{
    Outcome, Trouble, block_on,
    options::Model,
    patience::patiently,
    print,
    promote::{Champion, Trial, promote},
    tell,
};
use crate::train::{
    Condition, Place, fetch, hash, judge, report,
    submission::{DATA_SHA256, SPEC_HASH, metrics, trained},
};

/// Trains a model, registers it as a version, and moves the alias to it.
///
/// Where the registry has a version of the same specification and the same data, nothing is done.
#[derive(Debug, Args)]
pub struct Train {
    #[command(flatten)]
    model: Model,
    /// A CSV file or an http(s) URL, instead of the data set of the model file.
    #[arg(long, env = "DATA", hide_env_values = true, value_name = "FILE|URL")]
    data: Option<String>,
    /// Bytes that the data set may have.
    #[arg(long, env = "MAX_DATA_BYTES", value_name = "BYTES", default_value_t = 256 << 20)]
    max_data_bytes: u64,
    /// Also judges by cross-validation with so many folds.
    #[arg(long, env = "FOLDS", value_name = "K", default_value_t = 0)]
    folds: usize,
    /// Moves the alias only if this holds, such as auc_roc>=0.80, or auc_roc>=champion for a version that is not worse than
    /// the present one, on rows held back now that neither has learnt from; may be said several times.
    #[arg(long, env = "PROMOTE_IF", value_name = "CONDITION", value_delimiter = ',')]
    promote_if: Vec<Condition>,
    /// Seconds to wait for a registry that has not started yet.
    #[arg(long, env = "WAIT_SECONDS", value_name = "SECONDS", default_value_t = 300)]
    wait_seconds: u64,
}

impl Train {
    pub fn run(&self) -> Outcome {
        block_on(self.train())
    }

    async fn train(&self) -> Outcome {
        let started = SystemTime::now();
        let file = self.model.read()?;
        let registry = self.model.registry()?;
        registry.make()?;
        if self.folds == 1 {
            return Err(Trouble::Input("one fold judges nothing\n\nhint: write --folds 5, or leave it out".into()));
        }
        self.promote_if.iter().try_for_each(|wanted| wanted.can_be_judged(self.folds > 1)).map_err(Trouble::Input)?;
        let place = Place::of(&file, &self.model.model_file, self.data.as_deref());
        tell(&format!("reading {place}"));
        // Other data than the model file's have another sum.
        let expected = file.data.sha256.as_ref().filter(|_| self.data.is_none()).map(|sum| sum.value.as_str());
        let data = fetch(place, self.max_data_bytes, expected).await.map_err(|error| {
            if error.is_transient() { Trouble::Away(error.to_string()) } else { Trouble::input(error) }
        })?;
        let table = Table::read(&data.from.to_string(), &*data.bytes, &file).map_err(Trouble::input)?;

        let (name, patience) = (&file.registry.model.value, Duration::from_secs(self.wait_seconds));
        let versions = patiently(&registry, patience, || registry.versions(name)).await?;
        let same = |version: &&Version| {
            let tag = |name: &str| version.tags.get(name).map(String::as_str);
            tag(SPEC_HASH) == Some(&hash(&file)) && tag(DATA_SHA256) == Some(&data.sha256)
        };
        let champion = Champion { registry: &registry, model: name, alias: &self.model.model_alias, patience };
        if let Some(version) = versions.iter().find(same) {
            tell(&format!(
                "version {} of {name} has the same specification and data; nothing to train",
                version.number
            ));
            // A training that was cut off between the two left a version without an alias.
            if champion.version().await?.is_none() {
                let metrics = registry.metrics(version).await?;
                promote(&champion, &self.promote_if, version, &metrics, None, &file).await?;
            }
            return Ok(());
        }
        tell(&format!("training on {} rows", table.len()));
        let judged = judge(&file, &table, self.folds).map_err(Trouble::input)?;
        print(&report(&file, &judged));
        let text = fs::read(&self.model.model_file).unwrap_or_default();
        let submission = trained(&file, &text, &data, &judged, started).map_err(Trouble::Input)?;
        let version = registry.register(submission).await?;
        tell(&format!("registered version {} of {name} in {}", version.number, registry.shown()));
        let predictor = Predictor::new(&judged.ensemble, &judged.columns);
        let trial = Trial { predictor: &predictor, held_back: &judged.held_back, learnt: Some(&judged.learnt) };
        promote(&champion, &self.promote_if, &version, &metrics(&judged), Some(trial), &file).await
    }
}
