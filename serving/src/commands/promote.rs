//! Moves an alias to a new version, if it is good enough.

use std::{collections::BTreeMap, time::Duration};

use model_file::ModelFile;
use registry::{Registry, Version};

use super::{Trouble, patience::patiently, tell};
use crate::{
    model::Loaded,
    train::{Condition, HeldBack},
};

/// Bytes that a champion may have, to be judged.
const LARGEST: u64 = 1 << 30;

/// The version that an alias stands on.
pub struct Champion<'a> {
    /// Where it is.
    pub registry: &'a Registry,
    /// Of which model.
    pub model: &'a str,
    /// The alias.
    pub alias: &'a str,
    /// How long to wait for a registry that went away in the meantime: a version whose alias was not moved would not be
    /// trained again, and so never become champion.
    pub patience: Duration,
}

impl Champion<'_> {
    /// Which version it is now, if any.
    pub async fn version(&self) -> Result<Option<Version>, Trouble> {
        patiently(self.registry, self.patience, || self.registry.aliased(self.model, self.alias)).await
    }

    /// How good it is on the rows that the new version was judged with. A champion that cannot be judged, since it knows other
    /// features, cannot be compared with either.
    async fn metrics(&self, held_back: &HeldBack, file: &ModelFile) -> Result<Option<BTreeMap<String, f64>>, Trouble> {
        let Some(version) = self.version().await? else { return Ok(None) };
        let files = patiently(self.registry, self.patience, || self.registry.files(&version, LARGEST)).await?;
        match Loaded::new(&version.number, &files, file) {
            Ok(model) => {
                let scores = held_back.judge(&model.predictor);
                Ok(Some(scores.by_name().into_iter().map(|(name, score)| (name.to_owned(), score)).collect()))
            }
            Err(reason) => {
                tell(&format!("version {} cannot be compared with: {reason}", version.number));
                Ok(None)
            }
        }
    }
}

/// Moves the alias to `version` if every condition holds, and says so.
pub async fn promote(
    champion: &Champion<'_>,
    conditions: &[Condition],
    version: &Version,
    metrics: &BTreeMap<String, f64>,
    held_back: Option<&HeldBack>,
    file: &ModelFile,
) -> Result<(), Trouble> {
    let against = match held_back {
        Some(rows) if conditions.iter().any(Condition::asks_the_champion) => champion.metrics(rows, file).await?,
        _ => None,
    };
    let mut good = true;
    for condition in conditions {
        let (holds, words) = condition.holds(metrics, against.as_ref()).map_err(Trouble::Input)?;
        tell(&format!("{} {words}", if holds { "holds:" } else { "does not hold:" }));
        good &= holds;
    }
    let Champion { registry, model, alias, patience } = champion;
    if good {
        patiently(registry, *patience, || registry.set_alias(model, alias, &version.number)).await?;
        tell(&format!("{alias} is version {} now", version.number));
    } else {
        tell(&format!("{alias} stays where it is"));
    }
    Ok(())
}
