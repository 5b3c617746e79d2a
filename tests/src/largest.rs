//! The stack at its largest, added up from the manifests alone.

use std::collections::BTreeMap;

use builders::Quantity;
use serde_yaml::Value;

use crate::manifests::{at, identity, items, pod, text};

type Sums = BTreeMap<String, Quantity>;

const ONE: Quantity = Quantity::milli(1000);

/// What Kubernetes counts of a pod.
const AMOUNTS: [(&str, &str); 4] =
    [("requests", "cpu"), ("requests", "memory"), ("limits", "cpu"), ("limits", "memory")];

/// By namespace, what its quota must hold: every pod at its autoscaler's maximum, a rollout's surge,
/// every Job once, every claim, and what operators make of their objects.
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
            add("pods", ONE, pods);
            for (side, resource) in AMOUNTS {
                add(&format!("{side}.{resource}"), of_pod(pod, side, resource), pods);
            }
        }
        let spec = |path: &[&str]| at(at(object, &["spec"]), path);
        match kind {
            "PersistentVolumeClaim" => {
                add("persistentvolumeclaims", ONE, 1);
                add("requests.storage", amount(spec(&["resources", "requests", "storage"])), 1);
            }
            // CloudNativePG: a pod and a claim for each instance, and one pod more while an instance joins.
            "Cluster" => {
                let instances = number(spec(&["instances"])).expect("a number of instances");
                add("pods", ONE, instances + 1);
                for (side, resource) in AMOUNTS {
                    add(&format!("{side}.{resource}"), amount(spec(&["resources", side, resource])), instances + 1);
                }
                // The container of the plugin that archives, beside each.
                let archiver = objects.iter().find(|it| identity(it).0 == "ObjectStore" && identity(it).1 == namespace);
                for (side, resource) in AMOUNTS.into_iter().filter(|_| !spec(&["plugins"]).is_null()) {
                    let sidecar = ["spec", "instanceSidecarConfiguration", "resources", side, resource];
                    add(
                        &format!("{side}.{resource}"),
                        amount(at(archiver.expect("an archive"), &sidecar)),
                        instances + 1,
                    );
                }
                add("persistentvolumeclaims", ONE, instances);
                add("requests.storage", amount(spec(&["storage", "size"])), instances);
            }
            // cert-manager proves with a pod that the host is ours: its --acme-http01-solver-resource-* flags.
            "Ingress" => {
                add("pods", ONE, 1);
                for ((side, resource), of) in AMOUNTS.iter().zip(["10m", "64Mi", "100m", "64Mi"]) {
                    add(&format!("{side}.{resource}"), of.parse().expect("an amount"), 1);
                }
            }
            _ => {}
        }
    }
    sums.retain(|_, sum| sum.contains_key("pods"));
    sums
}

/// What counts of a pod: its containers together, or the largest of those that run alone before them, by
/// <https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers>.
fn of_pod(pod: &Value, side: &str, resource: &str) -> Quantity {
    let of = |container: &Value| amount(at(container, &["resources", side, resource]));
    let before = items(pod, &["initContainers"]).map(|container| {
        assert!(container.get("restartPolicy").is_none(), "a sidecar counts beside the others: say so here");
        of(container)
    });
    let together = items(pod, &["containers"]).map(of).sum();
    before.fold(together, Ord::max)
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
    // A CronJob never has two: concurrencyPolicy.
    if ["Job", "CronJob"].contains(&kind) {
        return 1;
    }
    // An autoscaler of Kubernetes or of KEDA.
    let largest = objects.iter().find_map(|object| {
        let target = identity(object).1 == namespace && text(object, &["spec", "scaleTargetRef", "name"]) == name;
        let maximum = ["maxReplicas", "maxReplicaCount"].iter().find_map(|key| number(at(object, &["spec", key])));
        maximum.filter(|_| target)
    });
    let replicas = largest.or_else(|| number(at(workload, &["spec", "replicas"])));
    let surge = match text(workload, &["spec", "strategy", "type"]) {
        "Recreate" => 0,
        _ => number(at(workload, &["spec", "strategy", "rollingUpdate", "maxSurge"])).unwrap_or_default(),
    };
    match replicas.unwrap_or(1) {
        0 => 0,
        some => some + surge,
    }
}

fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok())
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
