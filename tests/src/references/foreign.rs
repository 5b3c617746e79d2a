//! What objects of other projects' operators name.

use serde_yaml::Value;

use super::{Expected, Names, pod};
use crate::manifests::{at, identity, items, map, text};

pub(super) fn expected(object: &Value, names: &Names<'_>) -> Expected {
    let (kind, namespace, name) = identity(object);
    match kind {
        "ScaledObject" => {
            let triggers = items(object, &["spec", "triggers"]);
            let keys = triggers.map(|trigger| text(trigger, &["authenticationRef", "name"]));
            keys.map(|key| names.optional("TriggerAuthentication", namespace, key)).collect()
        }
        "TriggerAuthentication" => {
            let keys = items(object, &["spec", "secretTargetRef"]);
            keys.map(|key| names.secret(namespace, text(key, &["name"]), text(key, &["key"]))).collect()
        }
        "Database" => vec![names.object("Cluster", namespace, text(object, &["spec", "cluster", "name"]))],
        "Cluster" => {
            let roles =
                items(object, &["spec", "managed", "roles"]).map(|role| text(role, &["passwordSecret", "name"]));
            let own = text(object, &["spec", "bootstrap", "initdb", "secret", "name"]);
            let secrets = roles.chain([own]).filter(|secret| !secret.is_empty());
            // The operator reads both keys of a Secret of type basic-auth.
            let keys =
                secrets.flat_map(|secret| ["username", "password"].map(|key| names.secret(namespace, secret, key)));
            let class = names.optional("PriorityClass", "", text(object, &["spec", "priorityClassName"]));
            keys.chain([class]).collect()
        }
        // A Secret that is made and that nobody reads is one that was named wrongly.
        "SealedSecret" => {
            let keys = map(object, &["spec", "encryptedData"]);
            keys.keys().map(|key| names.secret(namespace, name, key)).collect()
        }
        "ExternalSecret" => {
            let secret = text(object, &["spec", "target", "name"]);
            let keys = items(object, &["spec", "data"]).map(|data| text(data, &["secretKey"]));
            keys.map(|key| names.secret(namespace, secret, key)).collect()
        }
        "ServiceMonitor" => {
            let labels = at(object, &["spec", "selector", "matchLabels"]);
            let services: Vec<&Value> = names.objects.iter().filter(|it| is_labelled(it, namespace, labels)).collect();
            let has = |port: &str| {
                let mut ports = services.iter().flat_map(|service| items(service, &["spec", "ports"]));
                ports.any(|it| text(it, &["name"]) == port)
            };
            let ports = items(object, &["spec", "endpoints"]).map(|endpoint| text(endpoint, &["port"]));
            ports.map(|port| (has(port), format!("a Service with port {port}"))).collect()
        }
        "PodMonitor" => {
            let pods = names.selected(at(object, &["spec", "selector", "matchLabels"]), namespace);
            let has = |port: &str| pods.iter().any(|pods| pods.spec.is_none_or(|spec| pod::ports(spec).contains(port)));
            let ports = items(object, &["spec", "podMetricsEndpoints"]).map(|endpoint| text(endpoint, &["port"]));
            ports.map(|port| (has(port), format!("pods with port {port}"))).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether an object is a Service of a namespace with these labels.
fn is_labelled(object: &Value, namespace: &str, labels: &Value) -> bool {
    let (kind, place, _) = identity(object);
    let own = map(object, &["metadata", "labels"]);
    kind == "Service" && place == namespace && map(labels, &[]).iter().all(|(key, value)| own.get(key) == Some(value))
}
