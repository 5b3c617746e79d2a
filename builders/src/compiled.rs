//! A finished stack as text.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    checks::{Finding, check},
    inventory::Inventory,
    model::{Model, WorkloadId},
    objects::Plan,
    yaml::Writer,
};

/// The manifests of an environment and what they consist of.
#[derive(Debug)]
pub struct Compiled {
    /// By file name (`020-mlflow.yaml`), the text. Lexical order is the order in which a cluster wants
    /// to meet them: namespaces, what makes Secrets, then servers before their clients.
    pub files: BTreeMap<String, String>,
    /// What there is.
    pub inventory: Inventory,
    /// How many objects there are.
    pub objects: usize,
}

/// The first line of every file: a file without it is not ours to remove.
pub(crate) const HEADER: &str = "# Made by mlstack from ";

impl Compiled {
    /// Whether a file was made by us, by its first line.
    pub fn is_ours(text: &str) -> bool {
        text.starts_with(HEADER)
    }
}

impl Model {
    /// Turns the declarations into objects and their YAML.
    ///
    /// # Errors
    /// Every clash at once, each with the places that declared what clashes.
    pub fn finish(self) -> Result<Compiled, Vec<Finding>> {
        let findings = check(&self);
        if findings.is_empty() { Ok(compile(&self)) } else { Err(findings) }
    }
}

fn compile(model: &Model) -> Compiled {
    let plan = Plan::new(model);
    let mut files = BTreeMap::new();
    let (mut count, mut writer) = (0, Writer::default());
    let head =
        format!("{HEADER}{}. Do not edit: change the source and run `cargo build-manifests`.", model.cluster.source);
    let mut file = |name: String, objects: Vec<Value>| {
        count += objects.len();
        writer.line(&head);
        for object in objects {
            writer.line("---");
            writer.document(&object);
        }
        files.insert(name, writer.finish());
    };
    let cluster = plan.cluster();
    if !cluster.is_empty() {
        file("000-cluster.yaml".to_owned(), cluster);
    }
    for namespace in &model.namespaces {
        file(format!("000-namespace-{namespace}.yaml"), plan.namespace(namespace));
        let secrets = plan.secrets(namespace);
        if !secrets.is_empty() {
            file(format!("001-secrets-{namespace}.yaml"), secrets);
        }
    }
    // Ten apart, by depth and not by count, so that one component more renames no other's file.
    for (index, workload) in model.workloads.iter().enumerate() {
        file(format!("{:03}-{}.yaml", workload.depth * 10, workload.name), plan.workload(WorkloadId(index)));
    }
    // Last: an alert that comes before what it watches would ring.
    let monitoring = plan.monitoring();
    if !monitoring.is_empty() {
        file("900-monitoring.yaml".to_owned(), monitoring);
    }
    Compiled { files, inventory: Inventory::new(model, plan.secrets), objects: count }
}
