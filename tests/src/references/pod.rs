//! What pods name.

use std::collections::BTreeSet;

use serde_yaml::Value;

use super::{Expected, Names};
use crate::manifests::{at, containers, items, map, text};

pub(super) fn expected(pod: &Value, namespace: &str, names: &Names<'_>) -> Expected {
    let mut expected = vec![
        names.object("ServiceAccount", namespace, text(pod, &["serviceAccountName"])),
        names.optional("PriorityClass", "", text(pod, &["priorityClassName"])),
    ];
    for volume in items(pod, &["volumes"]) {
        let claim = text(volume, &["persistentVolumeClaim", "claimName"]);
        expected.push(names.optional("PersistentVolumeClaim", namespace, claim));
        expected.push(names.optional("ConfigMap", namespace, text(volume, &["configMap", "name"])));
        let secret = at(volume, &["secret"]);
        let keys: Vec<&Value> = items(secret, &["items"]).collect();
        expected.push((secret.is_null() || !keys.is_empty(), "the keys that it mounts, by name".into()));
        expected.extend(
            keys.into_iter().map(|key| names.secret(namespace, text(secret, &["secretName"]), text(key, &["key"]))),
        );
    }
    let volumes: BTreeSet<&str> = items(pod, &["volumes"]).map(|volume| text(volume, &["name"])).collect();
    for container in containers(pod) {
        for mount in items(container, &["volumeMounts"]) {
            expected.push((volumes.contains(text(mount, &["name"])), format!("volume {}", text(mount, &["name"]))));
        }
        for variable in items(container, &["env"]) {
            let secret = at(variable, &["valueFrom", "secretKeyRef"]);
            if !secret.is_null() {
                expected.push(names.secret(namespace, text(secret, &["name"]), text(secret, &["key"])));
            }
            let config = at(variable, &["valueFrom", "configMapKeyRef"]);
            if !config.is_null() {
                let (name, key) = (text(config, &["name"]), text(config, &["key"]));
                let data = names.find("ConfigMap", namespace, name).map(|config| map(config, &["data"]));
                let holds = data.is_some_and(|data| data.contains_key(key));
                expected.push((holds, format!("ConfigMap key {name}/{key}")));
            }
        }
        // None of ours are read whole: what a pod reads is said key by key.
        expected.push((at(container, &["envFrom"]).is_null(), "variables, each by its key".into()));
        let ports = ports(pod);
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
            let port = text(container, &[probe, "httpGet", "port"]);
            expected.push((port.is_empty() || ports.contains(port), format!("port {port} of {probe}")));
        }
    }
    expected
}

/// The names of a pod's ports.
pub(super) fn ports(pod: &Value) -> BTreeSet<&str> {
    containers(pod).flat_map(|container| items(container, &["ports"])).map(|port| text(port, &["name"])).collect()
}
