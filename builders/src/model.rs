//! Everything that has been declared, before it becomes objects.

use std::collections::BTreeMap;

use crate::{
    handles::{Config, SecretKey},
    values::{Cidr, KeyName, Name, Origin, Storage, Store},
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
    /// What becomes of the declared Secrets.
    pub secrets: SecretsPlan,
}

/// What becomes of the declared Secrets in the manifests.
#[derive(Debug, Clone)]
pub enum SecretsPlan {
    /// Nothing: they come to be beside the manifests.
    Elsewhere,
    /// A `SealedSecret` for each, of these ciphertexts; a key that has none is left out.
    Sealed(Ciphertexts),
    /// An `ExternalSecret` for each, from this store.
    ExternalSecrets(Store),
}

/// By namespace, Secret and key, the value as `kubeseal --raw` prints it in its strict scope.
pub type Ciphertexts = BTreeMap<Name, BTreeMap<Name, BTreeMap<KeyName, String>>>;

impl Cluster {
    /// A cluster of which nothing is known but the name of the stack.
    ///
    /// # Panics
    /// When `stack` is no DNS label; for examples and tests.
    pub fn named(stack: &'static str) -> Self {
        Self { stack: Name::literal(stack), source: stack.to_owned(), pod_cidr: None, secrets: SecretsPlan::Elsewhere }
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
    /// Secret keys that are read by something else than a workload.
    pub(crate) reads: Vec<Read>,
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
            reads: Vec::new(),
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
