//! What types cannot rule out: two declarations, each right by itself, that clash.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    handles::MountSource,
    model::Model,
    values::{Exposure, Origin},
    workload::Workload,
};

/// A clash, and the places that declared its sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong: lower-case, no final period.
    pub message: String,
    /// Where: the first is the culprit, the others what it clashes with.
    pub origins: Vec<Origin>,
    /// What to do.
    pub hint: String,
}

/// The API server's limit on the content of a `ConfigMap`, in bytes.
const CONFIG_MAX: usize = 1024 * 1024;

/// The longest name of a port, in bytes (RFC 6335).
const PORT_NAME_MAX: usize = 15;

pub(crate) fn check(model: &Model) -> Vec<Finding> {
    let mut findings = unique_names(model);
    findings.extend(unique_node_ports(model));
    findings.extend(claims(model));
    findings.extend(configs(model));
    findings.extend(model.workloads.iter().flat_map(workload));
    findings
}

fn unique_names(model: &Model) -> Vec<Finding> {
    let mut seen: BTreeMap<(&str, &str), &Origin> = BTreeMap::new();
    let workloads = model.workloads.iter().map(|it| ("workload", it.name.as_str(), &it.origin));
    let claims = model.claims.iter().map(|it| ("claim", it.name.as_str(), &it.origin));
    let configs = model.configs.iter().map(|it| ("ConfigMap", it.0.name.as_str(), &it.0.origin));
    let mut findings = Vec::new();
    for (kind, name, origin) in workloads.chain(claims).chain(configs) {
        if let Some(first) = seen.insert((kind, name), origin) {
            findings.push(Finding {
                message: format!("the {kind} {name} is declared twice"),
                origins: vec![origin.clone(), first.clone()],
                hint: "names are unique in a stack, over all namespaces: give one of them another name".into(),
            });
        }
    }
    findings
}

fn unique_node_ports(model: &Model) -> Vec<Finding> {
    let mut seen = BTreeMap::new();
    let mut findings = Vec::new();
    for workload in &model.workloads {
        let Exposure::NodePort { node_port } = &workload.exposure else { continue };
        let port = node_port.value.number();
        if let Some((other, path)) = seen.insert(port, (&workload.name, &node_port.path)) {
            findings.push(Finding {
                message: format!("node port {port} is used twice, by {other} and {}", workload.name),
                origins: vec![Origin::Value(node_port.path.clone()), Origin::Value(path.clone())],
                hint: "a node port is one port of every node of the cluster: choose another from 30000 to 32767".into(),
            });
        }
    }
    findings
}

fn claims(model: &Model) -> Vec<Finding> {
    let mut writers: Vec<Vec<&Workload>> = vec![Vec::new(); model.claims.len()];
    for workload in &model.workloads {
        for mount in &workload.mounts {
            if let MountSource::Claim(volume) = &mount.source {
                writers[volume.id.0].push(workload);
            }
        }
    }
    let finding = |claim: &crate::model::Claim, writers: &Vec<&Workload>| {
        let (message, hint) = match writers.as_slice() {
            [_] => return None,
            [] => (
                format!("nobody mounts the volume {}", claim.name),
                "mount it with `.mount(&volume, \"/path\")`, or do not declare it",
            ),
            [first, second, ..] => (
                format!("the volume {} has one writer, but {} and {} mount it", claim.name, first.name, second.name),
                "let one workload write it and the other ask that workload",
            ),
        };
        let origins =
            std::iter::once(&claim.origin).chain(writers.iter().map(|writer| &writer.origin)).cloned().collect();
        Some(Finding { message, origins, hint: hint.into() })
    };
    model.claims.iter().zip(&writers).filter_map(|(claim, writers)| finding(claim, writers)).collect()
}

fn configs(model: &Model) -> Vec<Finding> {
    let size = |config: &crate::handles::Config| config.0.data.values().map(String::len).sum::<usize>();
    let large = model.configs.iter().filter(|config| size(config) > CONFIG_MAX);
    let finding = |config: &crate::handles::Config| Finding {
        message: format!(
            "the ConfigMap {} holds {} bytes, more than the 1 MiB that the API server takes",
            config.0.name,
            size(config)
        ),
        origins: vec![config.0.origin.clone()],
        hint: "put large files on a volume or into the image".into(),
    };
    large.map(finding).collect()
}

fn workload(workload: &Workload) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |message: String, origin: &Origin, hint: &str| {
        findings.push(Finding { message, origins: vec![origin.clone()], hint: hint.into() });
    };
    let name = &workload.name;
    let mut variables = BTreeSet::new();
    for (variable, _) in &workload.variables {
        if !variables.insert(variable) {
            let message = format!("the variable {variable} of {name} is set twice");
            say(
                message,
                &workload.origin,
                "a pod has one value per variable; two databases need two workloads, since libpq has one PGUSER",
            );
        }
    }
    for (port, _) in workload.ports.iter().filter(|(port, _)| port.as_str().len() > PORT_NAME_MAX) {
        say(
            format!("the port name {port} of {name} is too long"),
            &workload.origin,
            "a port's name has at most 15 characters",
        );
    }
    let mut paths = BTreeSet::new();
    for mount in &workload.mounts {
        if !paths.insert(mount.path) {
            say(
                format!("{name} mounts two things at {}", mount.path),
                &workload.origin,
                "give one of them another path",
            );
        }
    }
    if workload.resources.is_none() {
        let message = format!("{name} states no resources");
        say(message, &workload.origin, "add `.resources(&values.resources)`: quotas and autoscalers count on it");
    }
    if workload.kind == crate::workload::Kind::Deployment && (workload.ready.is_none() || workload.live.is_none()) {
        let message = format!("{name} has no probes");
        say(message, &workload.origin, "add `.ready(port.get(\"/ready\"))` and `.live(port.get(\"/health\"))`");
    }
    if let Some(replicas) = workload.replicas.as_ref().filter(|it| it.value.max() > 1 && workload.is_only_writer()) {
        let message = format!("{name} has a volume of one writer, but {} replicas", replicas.value.max());
        say(message, &Origin::Value(replicas.path.clone()), "write replicas: 1, or keep its files in an object store");
    }
    findings
}
