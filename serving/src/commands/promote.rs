//! Moves an alias to a new version, if it is good enough.

use std::{collections::BTreeMap, time::Duration};

use forest::Predictor;
use model_file::ModelFile;
use registry::{Registry, Version};

use super::{Trouble, patience::patiently, tell};
use crate::{
    model::{Loaded, TRAINED_ON},
    train::{Condition, HeldBack, Learnt},
};

/// Bytes that a champion may have, to be judged.
const LARGEST: u64 = 1 << 30;

/// With fewer rows that neither has learnt from, chance would decide: then all that are held back count.
const FEWEST: usize = 30;

type Metrics = BTreeMap<String, f64>;

/// A new version, tried on rows that it was not trained on.
pub struct Trial<'a> {
    /// The new version.
    pub predictor: &'a Predictor,
    /// The rows.
    pub held_back: &'a HeldBack,
    /// What it was trained on, where that is known.
    pub learnt: Option<&'a Learnt>,
}

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

    /// How good the new version and this one are, on the same rows: of those held back, the ones that neither has learnt from. A
    /// champion that cannot be judged, since it knows other features, cannot be compared with either.
    async fn beside(&self, new: &Trial<'_>, file: &ModelFile) -> Result<Option<[Metrics; 2]>, Trouble> {
        let Some(version) = self.version().await? else { return Ok(None) };
        let files = patiently(self.registry, self.patience, || self.registry.files(&version, LARGEST)).await?;
        let number = &version.number;
        let model = match Loaded::new(number, &files, file) {
            Ok(model) => model,
            Err(reason) => {
                tell(&format!("version {number} cannot be compared with: {reason}"));
                return Ok(None);
            }
        };
        let learnt = files.iter().find(|file| file.path == TRAINED_ON).map(|file| Learnt::read(&file.bytes));
        let everybody: Vec<&Learnt> = learnt.iter().chain(new.learnt).collect();
        let (all, unknown) = (new.held_back, new.held_back.unknown_to(&everybody));
        let known = all.count() - unknown.count();
        let rows = match (known, unknown.count()) {
            (0, _) => all,
            (_, FEWEST..) => {
                tell(&format!(
                    "compared on {} of {} rows held back: the others were trained on",
                    unknown.count(),
                    all.count()
                ));
                &unknown
            }
            _ => {
                tell(&format!(
                    "{known} of {} rows held back were trained on, and too few are left without them",
                    all.count()
                ));
                all
            }
        };
        let metrics = |predictor| {
            let scores = rows.judge(predictor).by_name();
            scores.into_iter().map(|(name, score)| (name.to_owned(), score)).collect()
        };
        Ok(Some([metrics(new.predictor), metrics(&model.predictor)]))
    }
}

/// Moves the alias to `version` if every condition holds, and says so.
pub async fn promote(
    champion: &Champion<'_>,
    conditions: &[Condition],
    version: &Version,
    metrics: &Metrics,
    trial: Option<Trial<'_>>,
    file: &ModelFile,
) -> Result<(), Trouble> {
    let beside = match trial {
        Some(new) if conditions.iter().any(Condition::asks_the_champion) => champion.beside(&new, file).await?,
        _ => None,
    };
    let mut good = true;
    for condition in conditions {
        let (new, against) = match &beside {
            Some([new, champion]) if condition.asks_the_champion() => (new, Some(champion)),
            _ => (metrics, None),
        };
        let (holds, words) = condition.holds(new, against).map_err(Trouble::Input)?;
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
