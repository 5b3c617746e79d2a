//! A workload that exports metrics, as whoever scrapes it sees it: every pod by itself, since a Service would give one of
//! them at a time, and those that are not ready too, since they are what alerts are about.

use super::{Http, Protocol, SecretKey, Target};
use crate::{
    model::WorkloadId,
    name,
    values::Name,
    workload::{Metrics, Workload},
};

/// What exports metrics. Only a finished workload is one.
#[derive(Debug, Clone)]
pub struct Exporter {
    pub(crate) target: Target,
    job: Name,
    namespace: Name,
    metrics: Metrics,
}

impl Exporter {
    /// Of a workload that says what it exports.
    pub(crate) fn of(id: WorkloadId, workload: &Workload) -> Option<Self> {
        let (_, port) = workload.ports.first()?;
        Some(Self {
            target: workload.target(id, *port, Http::SCHEME),
            job: workload.name.clone(),
            namespace: workload.namespace.clone(),
            metrics: workload.metrics.clone()?,
        })
    }

    /// The name of the workload: the label `job` of its series, in the operator's Prometheus as in the stack's own.
    pub const fn job(&self) -> &Name {
        &self.job
    }

    /// Where it lives: the label `namespace` of its series.
    pub const fn namespace(&self) -> &Name {
        &self.namespace
    }

    /// The name that has the addresses of all its pods, ready or not; the dot at its end spares the search path.
    pub fn pods(&self) -> String {
        format!("{}.{}.svc.cluster.local.", pods_of(&self.job), self.namespace)
    }

    /// The port that its pods listen on.
    pub const fn port(&self) -> u16 {
        self.target.port
    }

    /// The path of its metrics, with the leading slash.
    pub const fn path(&self) -> &'static str {
        self.metrics.path
    }

    /// The bearer token that the path asks for.
    pub const fn token(&self) -> Option<&SecretKey> {
        self.metrics.token.as_ref()
    }

    /// The file that holds the token, where it is scraped from.
    pub fn token_file(&self) -> Option<String> {
        Some(format!("{}/{}", self.token_folder(), self.token()?.key))
    }

    /// Short, since a volume is named after it.
    pub(crate) fn token_folder(&self) -> String {
        format!("/tokens/{}", self.job)
    }
}

/// The Service that has the addresses of a workload's pods.
pub(crate) fn pods_of(workload: &Name) -> Name {
    workload.with(&name!("pods"))
}
