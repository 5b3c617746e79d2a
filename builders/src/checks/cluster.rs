//! What the stack asks of its cluster and the cluster does not have, or has only once.

use std::{collections::BTreeMap, fmt::Display};

use documents::Path;

use super::Finding;
use crate::{
    cluster::Quota,
    inventory::Totals,
    model::Model,
    values::{AtNodePort, Exposure, Origin, Quantity, Replicas},
    workload::Workload,
};

pub(super) fn check(model: &Model) -> Vec<Finding> {
    let mut findings = unique_places(model);
    findings.extend(model.workloads.iter().filter_map(|workload| exposed(model, workload)));
    findings.extend(model.workloads.iter().filter_map(|workload| counted(model, workload)));
    findings.extend(granted_twice(&model.cluster.quotas));
    findings.extend(model.cluster.quotas.iter().flat_map(|granted| quota(model, granted)));
    findings
}

fn at(path: &Path, message: String, hint: impl Into<String>) -> Finding {
    Finding { message, origins: vec![Origin::Value(path.clone())], hint: hint.into() }
}

/// Node ports and hosts are each one of the cluster.
fn unique_places(model: &Model) -> Vec<Finding> {
    let mut seen = BTreeMap::new();
    let mut findings = Vec::new();
    for workload in &model.workloads {
        let (place, path, hint) = match &workload.exposure {
            Exposure::NodePort(AtNodePort { node_port }) => (
                format!("node port {}", node_port.value.number()),
                &node_port.path,
                "a node port is one port of every node of the cluster: choose another from 30000 to 32767",
            ),
            exposure => match exposure.host() {
                Some(host) => (format!("host {}", host.value), &host.path, "give each a host of its own"),
                None => continue,
            },
        };
        if let Some((other, first)) = seen.insert(place.clone(), (&workload.name, path)) {
            findings.push(Finding {
                message: format!("{place} is used twice, by {other} and {}", workload.name),
                origins: vec![Origin::Value(path.clone()), Origin::Value(first.clone())],
                hint: hint.into(),
            });
        }
    }
    findings
}

fn exposed(model: &Model, workload: &Workload) -> Option<Finding> {
    let missing = |key: &str, example: &str| {
        let path = &workload.exposure.host()?.path;
        let message = format!("{} is exposed by a host, but the environment describes no {key}", workload.name);
        Some(at(path, message, format!("add {key}: {example}")))
    };
    match &workload.exposure {
        Exposure::Ingress(_) if model.cluster.ingress.is_none() => {
            missing("ingress", "{class: traefik, controller: traefik, issuer: letsencrypt}")
        }
        Exposure::HTTPRoute(_) if model.cluster.gateway.is_none() => {
            missing("gateway", "{type: Shared, name: public, namespace: gateways, controller: gateways}")
        }
        _ => None,
    }
}

/// Requests are counted by the program and asked of Prometheus.
fn counted(model: &Model, workload: &Workload) -> Option<Finding> {
    let replicas = workload.replicas.as_ref()?;
    let Replicas::Autoscaled(range) = &replicas.value else { return None };
    range.requests_per_second?;
    let name = &workload.name;
    let counter = workload.metrics.as_ref().and_then(|metrics| metrics.requests);
    let (message, hint) = match (counter, &model.cluster.prometheus) {
        (None, _) => (format!("{name} counts no requests to be scaled by"), "write cpu: or memory: instead"),
        (_, None) => (
            format!("{name} is scaled by requests, but the environment describes no Prometheus that KEDA may ask"),
            "add prometheus: {type: Operator, address: \"http://prometheus-operated.monitoring.svc:9090\", namespace: monitoring}, or write cpu: instead",
        ),
        _ => return None,
    };
    Some(at(&replicas.path, message, hint))
}

/// Two quotas of one namespace would both hold; the manifests have one.
fn granted_twice(quotas: &[Quota]) -> Vec<Finding> {
    let mut seen = BTreeMap::new();
    let mut findings = Vec::new();
    for Quota { namespace, .. } in quotas {
        if let Some(first) = seen.insert(&namespace.value, &namespace.path) {
            findings.push(Finding {
                message: format!("the namespace {} has two quotas", namespace.value),
                origins: vec![Origin::Value(namespace.path.clone()), Origin::Value(first.clone())],
                hint: "keep one of the two".into(),
            });
        }
    }
    findings
}

/// A quota below the stack's largest stops a rollout or an autoscaler half-way.
fn quota(model: &Model, granted: &Quota) -> Vec<Finding> {
    let namespace = &granted.namespace;
    if !model.namespaces.contains(&namespace.value) {
        let known: Vec<String> = model.namespaces.iter().map(ToString::to_string).collect();
        let message = format!("nothing of the stack lives in the namespace {}", namespace.value);
        return vec![at(&namespace.path, message, format!("the stack's namespaces are {}", known.join(", ")))];
    }
    let needed = Totals::largest(model, Some(&namespace.value));
    let compare = |what: &str, path: &Path, granted: Quantity, needed: Quantity| {
        (granted < needed).then(|| short(path, what, granted, needed))
    };
    let Quota { pods, requests, limits, storage, .. } = granted;
    let (of, to) = (requests.value, limits.value);
    [
        (pods.value.get() < needed.pods).then(|| short(&pods.path, "pods", pods.value.get(), needed.pods)),
        compare("requests.cpu", &requests.path, of.cpu, needed.requests.cpu),
        compare("requests.memory", &requests.path, of.memory, needed.requests.memory),
        compare("limits.cpu", &limits.path, to.cpu, needed.limits.cpu),
        compare("limits.memory", &limits.path, to.memory, needed.limits.memory),
        compare("storage", &storage.path, storage.value.bytes(), needed.storage),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn short(path: &Path, what: &str, granted: impl Display, needed: impl Display) -> Finding {
    let message = format!("{what} of the quota is {granted}, but the stack needs {needed} at its largest");
    at(path, message, format!("grant {needed} or more, or lower the replicas or the size of what runs there"))
}
