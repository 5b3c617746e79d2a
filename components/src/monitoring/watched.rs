//! What there is to watch, as the stack declared it.

use std::{collections::BTreeSet, time::Duration};

use builders::Name;

use super::Objective;

/// Everything of a stack that can be watched.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    /// The environment's name, which tells its dashboards from those of others.
    pub environment: String,
    /// The APIs of its models, in the environment's order.
    pub apis: Vec<WatchedApi>,
    /// The backups of its database, if it has some.
    pub backups: Option<WatchedBackups>,
    /// Whether Prometheus knows the cluster, by kube-state-metrics and the kubelets: then claims, autoscalers and Jobs are watched too.
    pub cluster: bool,
}

/// A model's API. Its series have the labels `job`, the workload's name, and `namespace`.
#[derive(Debug, Clone)]
pub struct WatchedApi {
    /// The model's short name.
    pub model: Name,
    /// The Deployment.
    pub workload: Name,
    /// Where it lives.
    pub namespace: Name,
    /// What is promised of it.
    pub objective: Objective,
    /// How long the first training may take: so long, no model is no surprise.
    pub first_model: Duration,
    /// Whether predictions are kept.
    pub prediction_log: bool,
    /// What looks for drift, if something does.
    pub drift: Option<WatchedDrift>,
}

/// A `CronJob` that looks for drift and publishes what it finds beside the version.
#[derive(Debug, Clone)]
pub struct WatchedDrift {
    /// The `CronJob`.
    pub workload: Name,
    /// How old its last report may be: the longest time between two runs, and what a run may take.
    pub max_age: Duration,
}

/// Backups of the database.
#[derive(Debug, Clone)]
pub struct WatchedBackups {
    /// The label `job` of their series: the `CronJob`, or the `CloudNativePG` Cluster.
    pub workload: Name,
    /// Where it lives.
    pub namespace: Name,
    /// Who tells.
    pub metrics: BackupMetrics,
    /// The databases that have to be in them; none by name where all are one backup.
    pub databases: Vec<Name>,
    /// How old the last good one may be: the longest time between two runs, and what a run may take.
    pub max_age: Duration,
}

/// Who tells of backups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupMetrics {
    /// `backup_*`, of the stack's own backups.
    Dump,
    /// The barman-cloud plugin of `CloudNativePG`.
    BarmanCloud,
}

impl Watched {
    /// The namespaces that are the stack's, with what it watches in them.
    pub fn namespaces(&self) -> BTreeSet<&Name> {
        let apis = self.apis.iter().map(|api| &api.namespace);
        apis.chain(self.backups.iter().map(|backups| &backups.namespace)).collect()
    }
}
