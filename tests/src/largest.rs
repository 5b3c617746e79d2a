//! The stack at its largest, added up from the manifests alone.

use std::collections::BTreeMap;

use builders::Quantity;
use serde_yaml::Value;

use crate::manifests::{at, identity, items, pod, text};

type Sums = BTreeMap<String, Quantity>;

/// By namespace, what its quota must hold: every pod at its autoscaler's maximum, a rollout's surge,
/// every Job once, every claim.
///
/// # Panics
/// When a manifest holds an amount that is none.
pub fn largest(objects: &[Value]) -> BTreeMap<String, Sums> {
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    for object in objects {
        let (kind, namespace, _) = identity(object);
        let sum = sums.entry(namespace.to_owned()).or_default();
        let mut add = |what: &str, amount: Quantity, times: u32| {
            let entry = sum.entry(what.to_owned()).or_insert(Quantity::ZERO);
            *entry = *entry + amount * times;
        };
        if let Some(pod) = pod(object) {
            let pods = pods(objects, object);
            add("pods", Quantity::milli(1000), pods);
            for (kind, resource) in
                ["requests", "limits"].iter().flat_map(|kind| ["cpu", "memory"].map(|resource| (kind, resource)))
            {
                let amounts =
                    items(pod, &["containers"]).map(|container| amount(at(container, &["resources", kind, resource])));
                add(&format!("{kind}.{resource}"), amounts.sum(), pods);
            }
        }
        if kind == "PersistentVolumeClaim" {
            add("persistentvolumeclaims", Quantity::milli(1000), 1);
            add("requests.storage", amount(at(object, &["spec", "resources", "requests", "storage"])), 1);
        }
    }
    sums.retain(|_, sum| sum.contains_key("pods"));
    sums
}

/// What the quotas of the manifests hold, by namespace.
pub fn quotas(objects: &[Value]) -> BTreeMap<String, Sums> {
    let quotas = objects.iter().filter(|object| identity(object).0 == "ResourceQuota");
    let hard = |quota| {
        at(quota, &["spec", "hard"])
            .as_mapping()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), amount(value)))
    };
    quotas.map(|quota| (identity(quota).1.to_owned(), hard(quota).collect())).collect()
}

fn pods(objects: &[Value], workload: &Value) -> u32 {
    let (kind, namespace, name) = identity(workload);
    if kind == "Job" {
        return 1;
    }
    let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
    let autoscaler = objects.iter().find(|object| identity(object) == ("HorizontalPodAutoscaler", namespace, name));
    let replicas = autoscaler
        .and_then(|it| number(at(it, &["spec", "maxReplicas"])))
        .or_else(|| number(at(workload, &["spec", "replicas"])));
    let surge = match text(workload, &["spec", "strategy", "type"]) {
        "Recreate" => 0,
        _ => number(at(workload, &["spec", "strategy", "rollingUpdate", "maxSurge"])).unwrap_or_default(),
    };
    match replicas.unwrap_or(1) {
        0 => 0,
        some => some + surge,
    }
}

fn amount(value: &Value) -> Quantity {
    value
        .as_str()
        .map(str::to_owned)
        .or_else(|| value.as_u64().map(|number| number.to_string()))
        .unwrap_or_default()
        .parse()
        .expect("an amount")
}
