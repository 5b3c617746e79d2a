//! From declarations to Kubernetes objects: one file per kind.

mod account;
mod archive;
mod autoscaler;
mod claim;
mod config;
mod cron_job;
mod deployment;
mod disruption;
mod exposure;
mod foreign;
mod hash;
mod job;
mod meta;
mod monitor;
mod namespace;
mod pod;
mod policy;
mod postgres_cluster;
mod priority;
mod probe;
mod secret;
mod service;

pub(crate) use meta::label;
use std::collections::BTreeMap;

use k8s_openapi::{NamespaceResourceScope, Resource};

use serde_json::Value;

use crate::{
    inventory::{self, DeclaredSecret},
    model::{Model, WorkloadId},
    values::Name,
    workload::{Kind, Workload},
};

/// What objects are made from: the model, and who connects to whom, asked for once.
pub(crate) struct Plan<'m> {
    pub(crate) model: &'m Model,
    /// By server, its clients.
    clients: Vec<Vec<WorkloadId>>,
    /// By workload, the index of the configurations that stand in its file: those nobody read before.
    configs: Vec<Vec<usize>>,
    /// By workload, the index of the claims that stand in its file: those nobody mounted before.
    claims: Vec<Vec<usize>>,
    /// By namespace and name, what is read of Secrets.
    pub(crate) secrets: BTreeMap<(Name, Name), DeclaredSecret>,
}

impl<'m> Plan<'m> {
    pub(crate) fn new(model: &'m Model) -> Self {
        let mut clients = vec![Vec::new(); model.workloads.len()];
        for (client, workload) in model.workloads.iter().enumerate() {
            for server in workload.edges.iter().filter_map(|edge| edge.workload) {
                clients[server.0].push(WorkloadId(client));
            }
        }
        Self {
            model,
            clients,
            configs: config::owners(model),
            claims: claim::owners(model),
            secrets: inventory::secrets(model),
        }
    }

    /// The objects of a namespace: itself, its limits, its quota, its closed doors and its gateway.
    pub(crate) fn namespace(&self, name: &Name) -> Vec<Value> {
        let mut objects = namespace::objects(self, name);
        objects.extend(exposure::solvers(self, name).as_ref().map(value));
        objects.extend(exposure::gateway(self, name));
        objects
    }

    /// The objects that make the Secrets of a namespace; none where that is not for the manifests to do.
    pub(crate) fn secrets(&self, namespace: &Name) -> Vec<Value> {
        secret::objects(self, namespace, &self.secrets)
    }

    /// What the operator's Prometheus and its Grafana are told of the stack as a whole.
    pub(crate) fn monitoring(&self) -> Vec<Value> {
        monitor::of_stack(self)
    }

    /// The objects of a workload, in the order in which a cluster wants to meet them.
    pub(crate) fn workload(&self, id: WorkloadId) -> Vec<Value> {
        let workload = &self.model.workloads[id.0];
        // An operator's pods have an account that the operator makes.
        let operated = matches!(workload.kind, Kind::PostgresCluster(_));
        let mut objects = if operated { Vec::new() } else { vec![value(&account::account(self, workload))] };
        objects.extend(
            self.configs[id.0]
                .iter()
                .map(|&index| value(&config::config(self, &self.model.configs[index], &workload.name))),
        );
        objects.extend(
            self.claims[id.0].iter().map(|&index| value(&claim::claim(self, &self.model.claims[index], workload))),
        );
        objects.push(value(&policy::policy(self, id)));
        match &workload.kind {
            Kind::Deployment => {
                objects.extend(service::service(self, workload).as_ref().map(value));
                objects.extend(service::pods(self, workload).as_ref().map(value));
                objects.push(value(&deployment::deployment(self, workload)));
                objects.extend(exposure::objects(self, workload));
                objects.extend(monitor::monitor(self, workload));
                objects.extend(autoscaler::autoscaler(self, workload));
                objects.extend(disruption::budget(self, workload).as_ref().map(value));
            }
            Kind::Job => objects.push(job::job(self, workload)),
            Kind::CronJob(recurrence) => objects.push(cron_job::cron_job(self, workload, recurrence)),
            Kind::PostgresCluster(cluster) => {
                objects.extend(service::pods(self, workload).as_ref().map(value));
                objects.extend(postgres_cluster::objects(self, workload, cluster));
                objects.extend(monitor::monitor(self, workload));
            }
        }
        objects
    }
}

/// An object as a tree. Kubernetes' own types always make one.
fn value<T: Resource<Scope = impl Scope> + serde::Serialize>(object: &T) -> Value {
    serde_json::to_value(object).unwrap_or_else(|error| unreachable!("an object is JSON: {error}"))
}

/// Either scope; written down so that only whole objects are passed.
trait Scope {}
impl Scope for NamespaceResourceScope {}
impl Scope for k8s_openapi::ClusterResourceScope {}

/// A count or a time as Kubernetes holds it.
fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Everything in a workload that a reference by name starts from.
fn names(workload: &Workload) -> (Name, Name) {
    (workload.name.clone(), workload.namespace.clone())
}
