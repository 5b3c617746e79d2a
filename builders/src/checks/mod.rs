//! What types cannot rule out: two declarations, each right by itself, that clash; in `cluster.rs`, what the cluster does
//! not have; in `secrets.rs`, about Secrets; in `workload.rs`, what a single declaration forgets.

mod claims;
mod cluster;
mod secrets;
mod workload;

use std::collections::BTreeMap;

use crate::{model::Model, values::Origin, workload::Workload};

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

pub(crate) fn check(model: &Model) -> Vec<Finding> {
    let mut findings = unique_names(model);
    findings.extend(cluster::check(model));
    findings.extend(unfinished(model));
    findings.extend(secrets::check(model));
    findings.extend(claims::check(model));
    findings.extend(model.workloads.iter().flat_map(|workload| elsewhere(model, workload)));
    findings.extend(unscraped(model));
    findings.extend(configs(model));
    findings.extend(model.workloads.iter().flat_map(workload::check));
    findings
}

fn unique_names(model: &Model) -> Vec<Finding> {
    let mut seen: BTreeMap<(&str, &str), &Origin> = BTreeMap::new();
    let workloads = model.workloads.iter().map(|it| ("workload", it.name.as_str(), &it.origin));
    let claims = model.claims.iter().map(|it| ("claim", it.name.as_str(), &it.origin));
    let configs = model.configs.iter().map(|it| ("ConfigMap", it.0.name.as_str(), &it.0.origin));
    let secrets = model.secrets.iter().map(|(name, origin)| ("Secret", name.as_str(), origin));
    let rules = model.rules.iter().map(|it| ("PrometheusRule", it.name.as_str(), &it.origin));
    let mut findings = Vec::new();
    for (kind, name, origin) in workloads.chain(claims).chain(configs).chain(secrets).chain(rules) {
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

/// `let _ = app.deployment(…)` silences the compiler; the model remembers.
fn unfinished(model: &Model) -> Vec<Finding> {
    let open = model.begun.iter().filter(|begun| !begun.finished);
    let finding = |begun: &crate::model::Begun| Finding {
        message: format!("the workload {} is never finished", begun.name),
        origins: vec![begun.origin.clone()],
        hint: "end a Deployment with `.serve(&port)` and a Job with `.run()`".into(),
    };
    open.map(finding).collect()
}

/// Pods read `ConfigMaps` and mount claims of their own namespace alone.
fn elsewhere(model: &Model, workload: &Workload) -> Vec<Finding> {
    let configs = workload.configs().into_iter().map(|it| ("ConfigMap", &it.0.name, &it.0.namespace, &it.0.origin));
    let claims = workload.mounts.iter().filter_map(|mount| Some(&model.claims[mount.source.claim()?.0]));
    let claims = claims.map(|it| ("volume", &it.name, &it.namespace, &it.origin));
    let foreign = configs.chain(claims).filter(|(_, _, namespace, _)| **namespace != workload.namespace);
    let finding = |(kind, name, namespace, origin): (&str, _, _, &Origin)| Finding {
        message: format!(
            "{} is in namespace {}, but the {kind} {name} it uses is in {namespace}",
            workload.name, workload.namespace
        ),
        origins: vec![workload.origin.clone(), origin.clone()],
        hint: format!("declare the {kind} in the namespace of the pods that use it"),
    };
    foreign.map(finding).collect()
}

/// Where something of the stack scrapes, nothing that exports is left out: what is declared after it, for instance.
fn unscraped(model: &Model) -> Vec<Finding> {
    let exports = || model.workloads.iter().filter(|workload| workload.metrics.is_some());
    if exports().all(|workload| !workload.scraped) {
        return Vec::new();
    }
    let finding = |workload: &Workload| Finding {
        message: format!("{} exports metrics, but the Prometheus of the stack does not scrape them", workload.name),
        origins: vec![workload.origin.clone()],
        hint: "declare it before the Prometheus, which scrapes all of `app.exporters()`".into(),
    };
    exports().filter(|workload| !workload.scraped).map(finding).collect()
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
