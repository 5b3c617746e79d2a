//! What a stack consists of, for people: a row per workload, the declared secrets, the totals.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    cluster::SecretsPlan,
    handles::{SecretType, Source},
    model::Model,
    values::{ComputeResources, Exposure, KeyName, Name, Quantity, Replicas, Resources, Storage},
    workload::{ARCHIVER, Kind, Workload},
};

/// What there is, before anything runs.
#[derive(Debug)]
pub struct Inventory {
    /// One row per workload, in the order of the files.
    pub rows: Vec<Row>,
    /// Claims on volumes: namespace, name, size in bytes.
    pub claims: Vec<(Name, Name, Storage)>,
    /// By namespace and name.
    pub secrets: BTreeMap<(Name, Name), DeclaredSecret>,
    /// All pods at their fewest, without Jobs.
    pub smallest: Totals,
    /// All pods at their most, a rollout's surge and every Job once: what the quotas allow.
    pub largest: Totals,
}

/// A workload.
#[derive(Debug)]
pub struct Row {
    /// `Deployment`, `Job`, `CronJob`, or CloudNativePG's `Cluster`.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: Name,
    /// The component's name (a Job's object carries a hash behind it).
    pub name: Name,
    /// Its pods.
    pub replicas: Replicas,
    /// What one pod asks for.
    pub requests: Option<ComputeResources>,
    /// How far it can be seen; nothing for a Job.
    pub exposure: Option<Exposure>,
}

/// A Secret that manifests refer to, and whose values are never here.
#[derive(Debug, Default)]
pub struct DeclaredSecret {
    /// What it is for.
    pub kind: SecretType,
    /// Labels by which an operator that reads it learns of its changes.
    pub labels: BTreeMap<&'static str, &'static str>,
    /// Where the cluster gets its values from, if the manifests say so.
    pub from: Option<String>,
    /// By key, where its value comes from and who reads it.
    pub keys: BTreeMap<KeyName, (Source, BTreeSet<Name>)>,
}

/// A sum over pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Number of pods.
    pub pods: u32,
    /// Sum of the requests.
    pub requests: ComputeResources,
    /// Sum of the limits.
    pub limits: ComputeResources,
    /// Number of claims.
    pub claims: u32,
    /// Sum of the claims' sizes.
    pub storage: Quantity,
}

impl DeclaredSecret {
    /// Keys whose value somebody draws, gives, seals or keeps in a store.
    pub fn asked_for(&self) -> impl Iterator<Item = (&KeyName, &Source)> {
        let keys = self.keys.iter().map(|(key, (source, _))| (key, source));
        keys.filter(|(_, source)| matches!(source, Source::Random | Source::Supplied))
    }

    /// Whether an operator makes it, so that nobody else does.
    pub fn is_operators(&self) -> bool {
        self.keys.values().all(|(source, _)| matches!(source, Source::Operator { .. }))
    }
}

/// By namespace and name, the Secrets that somebody reads.
pub(crate) fn secrets(model: &Model) -> BTreeMap<(Name, Name), DeclaredSecret> {
    let mut secrets: BTreeMap<(Name, Name), DeclaredSecret> = BTreeMap::new();
    for (reader, namespace, key, _) in model.secret_reads() {
        let secret = secrets.entry((namespace.clone(), key.secret.clone())).or_default();
        secret.kind = secret.kind.max(key.kind);
        secret.from = match &model.cluster.secrets {
            SecretsPlan::Elsewhere => None,
            SecretsPlan::Sealed(_) => Some("sealed".to_owned()),
            SecretsPlan::ExternalSecrets(store) => Some(format!("{} in {}", store.entry(&key.secret), store.store)),
        };
        let (_, readers) = secret.keys.entry(key.key.clone()).or_insert_with(|| (key.source.clone(), BTreeSet::new()));
        readers.insert(reader.clone());
    }
    for workload in &model.workloads {
        let Kind::PostgresCluster(cluster) = &workload.kind else { continue };
        for (_, password) in &cluster.further {
            if let Some(secret) = secrets.get_mut(&(workload.namespace.clone(), password.secret.clone())) {
                secret.labels = [RELOAD].into();
            }
        }
    }
    secrets
}

/// By this label CloudNativePG takes over another password of a role when the Secret changes, and not at some later time.
const RELOAD: (&str, &str) = ("cnpg.io/reload", "true");

impl Inventory {
    pub(crate) fn new(model: &Model, secrets: BTreeMap<(Name, Name), DeclaredSecret>) -> Self {
        let mut by_file: Vec<&Workload> = model.workloads.iter().collect();
        by_file.sort_by_key(|workload| (workload.depth, workload.name.clone()));
        Self {
            rows: by_file.into_iter().map(row).collect(),
            claims: model.claims.iter().map(|it| (it.namespace.clone(), it.name.clone(), it.size)).collect(),
            secrets,
            smallest: Totals::smallest(model),
            largest: Totals::largest(model, None),
        }
    }
}

fn row(workload: &Workload) -> Row {
    let (kind, exposure) = match &workload.kind {
        Kind::Deployment => ("Deployment", Some(workload.exposure.clone())),
        Kind::Job => ("Job", None),
        Kind::CronJob(_) => ("CronJob", None),
        Kind::PostgresCluster(_) => ("Cluster", Some(Exposure::ClusterIP)),
    };
    Row {
        kind,
        namespace: workload.namespace.clone(),
        name: workload.name.clone(),
        replicas: workload.replicas(),
        requests: workload.resources.map(|resources| resources.requests),
        exposure,
    }
}

/// A pod by which cert-manager proves that a host is ours, by its own defaults; there may be one for each host.
const SOLVER: Resources = Resources::new((10, 64), (100, 64));

impl Totals {
    const NONE: Self = {
        let nothing = ComputeResources { cpu: Quantity::ZERO, memory: Quantity::ZERO };
        Self { pods: 0, requests: nothing, limits: nothing, claims: 0, storage: Quantity::ZERO }
    };

    fn smallest(model: &Model) -> Self {
        let running = model.workloads.iter().filter(|workload| !workload.ends());
        let claims = Self::NONE.with_claims(model, None);
        running.fold(claims, |sum, workload| sum.plus(workload, workload.replicas().min()))
    }

    /// Of one namespace, or of all.
    pub(crate) fn largest(model: &Model, namespace: Option<&Name>) -> Self {
        let of = model.workloads.iter().filter(|workload| namespace.is_none_or(|name| workload.namespace == *name));
        of.fold(Self::NONE.with_claims(model, namespace), |sum, workload| {
            let sum = sum.plus(workload, workload.replicas().max().saturating_add(workload.surge()));
            if matches!(workload.exposure, Exposure::Ingress(_)) {
                Self { pods: sum.pods.saturating_add(1), ..sum.plus_amounts(1, SOLVER) }
            } else {
                sum
            }
        })
    }

    /// Claims are there whether or not a pod mounts them, and once however many do.
    fn with_claims(self, model: &Model, namespace: Option<&Name>) -> Self {
        let claims = model.claims.iter().filter(|claim| namespace.is_none_or(|name| claim.namespace == *name));
        let sum = claims.fold(self, |sum, claim| sum.plus_claims(1, claim.size));
        let of = model.workloads.iter().filter(|workload| namespace.is_none_or(|name| workload.namespace == *name));
        of.fold(sum, |sum, workload| match &workload.kind {
            // One for each instance, made by the operator.
            Kind::PostgresCluster(cluster) => sum.plus_claims(cluster.instances, cluster.storage),
            Kind::Deployment | Kind::Job | Kind::CronJob(_) => sum,
        })
    }

    fn plus_claims(self, count: u32, size: Storage) -> Self {
        Self { claims: self.claims + count, storage: self.storage + size.bytes() * count, ..self }
    }

    fn plus(self, workload: &Workload, pods: u32) -> Self {
        let sum = match workload.resources {
            Some(resources) => self.plus_amounts(pods, resources),
            None => self,
        };
        let archived = matches!(&workload.kind, Kind::PostgresCluster(cluster) if cluster.archive.is_some());
        let sum = if archived { sum.plus_amounts(pods, ARCHIVER) } else { sum };
        Self { pods: self.pods.saturating_add(pods), ..sum }
    }

    fn plus_amounts(self, pods: u32, Resources { requests, limits }: Resources) -> Self {
        let add = |sum: ComputeResources, of: ComputeResources| ComputeResources {
            cpu: sum.cpu + of.cpu * pods,
            memory: sum.memory + of.memory * pods,
        };
        Self { requests: add(self.requests, requests), limits: add(self.limits, limits), ..self }
    }
}
