//! Every name in the manifests must be the name of something.

use std::collections::{BTreeMap, BTreeSet};

use builders::Inventory;
use serde_yaml::Value;

use crate::manifests::{at, identity, items, map, pod, text};

/// What names something that is not there, or selects nothing; empty when all is well.
pub fn dangling(objects: &[Value], inventory: &Inventory) -> Vec<String> {
    let mut found = Vec::new();
    let known: BTreeSet<_> = objects.iter().map(identity).collect();
    let secrets: BTreeSet<(String, String, String)> = inventory
        .secrets
        .iter()
        .flat_map(|((namespace, name), secret)| {
            secret.keys.keys().map(move |key| (namespace.to_string(), name.to_string(), key.to_string()))
        })
        .collect();
    for object in objects {
        let (kind, namespace, name) = identity(object);
        let mut expect = |holds: bool, what: String| {
            if !holds {
                found.push(format!("{kind} {namespace}/{name}: {what}"));
            }
        };
        if !namespace.is_empty() {
            expect(known.contains(&("Namespace", "", namespace)), format!("its namespace {namespace}"));
        }
        if let Some(pod) = pod(object) {
            let account = text(pod, &["serviceAccountName"]);
            expect(known.contains(&("ServiceAccount", namespace, account)), format!("ServiceAccount {account}"));
            for (holds, what) in pod_references(pod, namespace, objects, &known, &secrets) {
                expect(holds, what);
            }
        }
        let pods = |selector: &Value, namespace: &str| selected(objects, selector, namespace);
        match kind {
            "Service" => {
                let ports: BTreeSet<&str> =
                    items(object, &["spec", "ports"]).map(|port| text(port, &["targetPort"])).collect();
                let behind = pods(at(object, &["spec", "selector"]), namespace);
                expect(!behind.is_empty(), "its selector".into());
                expect(behind.iter().all(|pod| ports.is_subset(&port_names(pod))), "its target ports".into());
            }
            "HorizontalPodAutoscaler" => {
                let target = text(object, &["spec", "scaleTargetRef", "name"]);
                expect(known.contains(&("Deployment", namespace, target)), format!("Deployment {target}"));
            }
            "PodDisruptionBudget" => expect(
                !pods(at(object, &["spec", "selector", "matchLabels"]), namespace).is_empty(),
                "its selector".into(),
            ),
            "NetworkPolicy" => {
                let own = at(object, &["spec", "podSelector", "matchLabels"]);
                expect(own.is_null() || !pods(own, namespace).is_empty(), "its pod selector".into());
                for peer in items(object, &["spec", "ingress"])
                    .flat_map(|rule| items(rule, &["from"]))
                    .chain(items(object, &["spec", "egress"]).flat_map(|rule| items(rule, &["to"])))
                {
                    let other = text(peer, &["namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"]);
                    let labels = at(peer, &["podSelector", "matchLabels"]);
                    let own = !labels.is_null() && other != "kube-system";
                    let place = if other.is_empty() { namespace } else { other };
                    expect(!own || !pods(labels, place).is_empty(), format!("its peer {labels:?}"));
                }
            }
            _ => {}
        }
    }
    found
}

type Known<'o> = BTreeSet<(&'o str, &'o str, &'o str)>;

fn pod_references(
    pod: &Value,
    namespace: &str,
    objects: &[Value],
    known: &Known<'_>,
    secrets: &BTreeSet<(String, String, String)>,
) -> Vec<(bool, String)> {
    let mut references = Vec::new();
    for volume in items(pod, &["volumes"]) {
        for (kind, path) in
            [("PersistentVolumeClaim", ["persistentVolumeClaim", "claimName"]), ("ConfigMap", ["configMap", "name"])]
        {
            let name = text(volume, &path);
            references.push((name.is_empty() || known.contains(&(kind, namespace, name)), format!("{kind} {name}")));
        }
    }
    for secret in items(pod, &["volumes"]).map(|volume| at(volume, &["secret"])).filter(|secret| !secret.is_null()) {
        let name = text(secret, &["secretName"]);
        for item in items(secret, &["items"]) {
            let key = (namespace.to_owned(), name.to_owned(), text(item, &["key"]).to_owned());
            references.push((secrets.contains(&key), format!("secret key {key:?}")));
        }
    }
    let volumes: BTreeSet<&str> = items(pod, &["volumes"]).map(|volume| text(volume, &["name"])).collect();
    for container in items(pod, &["containers"]) {
        for mount in items(container, &["volumeMounts"]) {
            references.push((volumes.contains(text(mount, &["name"])), format!("volume {}", text(mount, &["name"]))));
        }
        for variable in items(container, &["env"]) {
            let secret = at(variable, &["valueFrom", "secretKeyRef"]);
            if !secret.is_null() {
                let key = (namespace.to_owned(), text(secret, &["name"]).to_owned(), text(secret, &["key"]).to_owned());
                references.push((secrets.contains(&key), format!("secret key {key:?}")));
            }
            let config = at(variable, &["valueFrom", "configMapKeyRef"]);
            if !config.is_null() {
                let (name, key) = (text(config, &["name"]), text(config, &["key"]));
                let holds = objects.iter().any(|object| {
                    identity(object) == ("ConfigMap", namespace, name) && map(object, &["data"]).contains_key(key)
                });
                references.push((holds, format!("ConfigMap key {name}/{key}")));
            }
        }
        let ports = port_names(pod);
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
            let port = text(container, &[probe, "httpGet", "port"]);
            references.push((port.is_empty() || ports.contains(port), format!("port {port} of {probe}")));
        }
    }
    references
}

fn port_names(pod: &Value) -> BTreeSet<&str> {
    items(pod, &["containers"])
        .flat_map(|container| items(container, &["ports"]))
        .map(|port| text(port, &["name"]))
        .collect()
}

/// The pods that labels select in a namespace.
fn selected<'o>(objects: &'o [Value], labels: &Value, namespace: &str) -> Vec<&'o Value> {
    let wanted: BTreeMap<String, String> = map(labels, &[]);
    let matching = objects.iter().filter(|object| identity(object).1 == namespace).filter(|object| {
        let labels = map(object, &["spec", "template", "metadata", "labels"]);
        !wanted.is_empty() && wanted.iter().all(|(key, value)| labels.get(key) == Some(value))
    });
    matching.filter_map(pod).collect()
}
