//! What an environment says of its backups.

use std::time::Duration;

use builders::{Between, ImageRef, Located, Name, Quantity, Resources, Schedule, Storage, choice};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::monitoring::{BackupMetrics, WatchedBackups};

/// When databases are backed up, and where to.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", rename = "BackupsValues")]
#[serde(rename_all = "camelCase")]
pub struct Values {
    /// When.
    pub schedule: Schedule,
    /// How many are kept of each database.
    #[deserr(default = default_keep())]
    #[schemars(default = "default_keep")]
    pub keep: Between<1, 1000>,
    /// Where they are kept.
    pub to: To,
    /// PostgreSQL's tools, of the server's major version; those of the server's own image if it is in the stack.
    #[deserr(default)]
    #[schemars(default)]
    pub image: Option<ImageRef>,
    /// Room on the node for the dumps of one run.
    #[deserr(default = default_scratch())]
    #[schemars(default = "default_scratch")]
    pub scratch: Quantity,
    /// Seconds for a run, of a backup or of a restore.
    #[deserr(default = default_deadline())]
    #[schemars(default = "default_deadline")]
    pub deadline_seconds: Between<60, 43_200>,
    /// What a run asks for and may use.
    #[deserr(default = default_resources())]
    #[schemars(default = "default_resources")]
    pub resources: Resources,
}

impl Values {
    /// What there is to watch of them, told by `workload`.
    pub(crate) fn watched(&self, workload: Name, namespace: &Name, metrics: BackupMetrics) -> WatchedBackups {
        let run = Duration::from_secs(self.deadline_seconds.get().into());
        let max_age = self.schedule.longest_pause() + run;
        WatchedBackups { workload, namespace: namespace.clone(), metrics, databases: Vec::new(), max_age }
    }

    /// How far back as many backups as are kept reach, in days.
    pub fn days(&self) -> u32 {
        let days = self.schedule.longest_pause().as_secs().div_ceil(24 * 3600) * u64::from(self.keep.get());
        u32::try_from(days).unwrap_or(u32::MAX)
    }
}

/// Where backups are kept.
#[derive(Debug, Clone, JsonSchema, serde::Serialize)]
#[schemars(tag = "type", rename = "BackupsTo")]
#[serde(tag = "type")]
pub enum To {
    /// On a claim: safe from mistakes, not from the loss of the cluster.
    Volume(Volume),
    /// In the environment's object store, under `backups/`.
    ObjectStore,
}

choice!(To { Volume(Volume), ObjectStore });

/// A claim for backups.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields, rename = "BackupsVolume")]
pub struct Volume {
    /// Room for all that are kept.
    pub size: Located<Storage>,
}

const fn default_keep() -> Between<1, 1000> {
    Between::new(14)
}

const fn default_scratch() -> Quantity {
    Quantity::gibibytes(5)
}

const fn default_deadline() -> Between<60, 43_200> {
    Between::new(3600)
}

const fn default_resources() -> Resources {
    Resources::new((100, 64), (1000, 256))
}
