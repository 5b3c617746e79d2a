//! Everything that has been declared, before it becomes objects.

use serde_json::Value;

use crate::{
    cluster::Cluster,
    handles::{Config, SecretKey},
    values::{Name, Origin, Storage},
    workload::Workload,
};

/// A stack under construction.
#[derive(Debug)]
pub struct Model {
    pub(crate) cluster: Cluster,
    pub(crate) namespaces: Vec<Name>,
    pub(crate) workloads: Vec<Workload>,
    pub(crate) configs: Vec<Config>,
    pub(crate) claims: Vec<Claim>,
    /// Secrets that somebody owns.
    pub(crate) secrets: Vec<(Name, Origin)>,
    /// Secret keys that are read by something else than a workload.
    pub(crate) reads: Vec<Read>,
    /// For the operator's Prometheus.
    pub(crate) rules: Vec<Rules>,
    /// For the Grafana beside it.
    pub(crate) dashboards: Vec<Config>,
    /// Workloads that were begun, and whether they were finished.
    pub(crate) begun: Vec<Begun>,
}

/// A workload that was begun.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) name: Name,
    pub(crate) origin: Origin,
    pub(crate) finished: bool,
}

/// An object that is no workload reads a key of a Secret.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) reader: Name,
    pub(crate) namespace: Name,
    pub(crate) key: SecretKey,
    pub(crate) origin: Origin,
}

/// Groups of recordings and alerts.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) name: Name,
    pub(crate) namespace: Name,
    pub(crate) groups: Value,
    pub(crate) origin: Origin,
}

/// Index of a workload in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WorkloadId(pub(crate) usize);

/// A `PersistentVolumeClaim`.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) name: Name,
    pub(crate) namespace: Name,
    pub(crate) size: Storage,
    /// Whether several pods mount it.
    pub(crate) shared: bool,
    pub(crate) origin: Origin,
}

impl Model {
    /// An empty stack.
    pub const fn new(cluster: Cluster) -> Self {
        Self {
            cluster,
            namespaces: Vec::new(),
            workloads: Vec::new(),
            configs: Vec::new(),
            claims: Vec::new(),
            secrets: Vec::new(),
            reads: Vec::new(),
            rules: Vec::new(),
            dashboards: Vec::new(),
            begun: Vec::new(),
        }
    }

    /// Who reads which key, and in which namespace.
    pub(crate) fn secret_reads(&self) -> impl Iterator<Item = (&Name, &Name, &SecretKey, &Origin)> {
        let workloads = self.workloads.iter().flat_map(|workload| {
            workload.secret_keys().map(move |key| (&workload.name, &workload.namespace, key, &workload.origin))
        });
        let others = self.reads.iter().map(|read| (&read.reader, &read.namespace, &read.key, &read.origin));
        workloads.chain(others)
    }
}
