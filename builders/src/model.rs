//! Everything that has been declared, before it becomes objects.

use crate::{
    handles::Config,
    values::{Cidr, Name, Origin, Storage},
    workload::Workload,
};

/// What the builders need to know of the cluster and of the stack as a whole.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// The stack's name, which every object carries as `app.kubernetes.io/part-of`.
    pub stack: Name,
    /// What the manifests are made from, for their first line.
    pub source: String,
    /// The addresses of pods. Where it is known, an opening to "outside the cluster" excepts them.
    pub pod_cidr: Option<Cidr>,
}

impl Cluster {
    /// A cluster of which nothing is known but the name of the stack.
    ///
    /// # Panics
    /// When `stack` is no DNS label; for examples and tests.
    pub fn named(stack: &'static str) -> Self {
        Self { stack: Name::literal(stack), source: stack.to_owned(), pod_cidr: None }
    }
}

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

/// Index of a workload in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WorkloadId(pub(crate) usize);

/// A `PersistentVolumeClaim` with one writer.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) name: Name,
    pub(crate) namespace: Name,
    pub(crate) size: Storage,
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
            begun: Vec::new(),
        }
    }
}
