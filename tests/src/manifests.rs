//! Compiled manifests as a second reader sees them.

use std::collections::BTreeMap;

use serde_yaml::Value;

/// Every document of some files, read by `serde_yaml`.
///
/// # Panics
/// When a file is no YAML.
pub fn objects<'t>(files: impl IntoIterator<Item = &'t String>) -> Vec<Value> {
    let documents = files.into_iter().flat_map(|text| serde_yaml::Deserializer::from_str(text));
    let values = documents.map(|document| serde::Deserialize::deserialize(document).expect("a document is YAML"));
    values.filter(|value: &Value| !value.is_null()).collect()
}

/// The text at a path of keys, or nothing.
pub fn text<'v>(value: &'v Value, path: &[&str]) -> &'v str {
    at(value, path).as_str().unwrap_or_default()
}

/// The value at a path of keys; null where there is none.
pub fn at<'v>(value: &'v Value, path: &[&str]) -> &'v Value {
    path.iter().fold(value, |value, key| value.get(key).unwrap_or(&Value::Null))
}

/// The items of the list at a path of keys.
pub fn items<'v>(value: &'v Value, path: &[&str]) -> impl Iterator<Item = &'v Value> {
    at(value, path).as_sequence().into_iter().flatten()
}

/// The texts of the map at a path of keys.
pub fn map(value: &Value, path: &[&str]) -> BTreeMap<String, String> {
    let entries = at(value, path).as_mapping().into_iter().flatten();
    let texts = entries.map(|(key, value)| {
        (key.as_str().unwrap_or_default().to_owned(), value.as_str().unwrap_or_default().to_owned())
    });
    texts.collect()
}

/// Kind, namespace and name.
pub fn identity(object: &Value) -> (&str, &str, &str) {
    (text(object, &["kind"]), text(object, &["metadata", "namespace"]), text(object, &["metadata", "name"]))
}

/// The specification of the pods of a workload; nothing for other objects.
pub fn pod(object: &Value) -> Option<&Value> {
    template(object).map(|template| at(template, &["spec"]))
}

/// What the pods of a workload are made from; nothing for other objects.
pub fn template(object: &Value) -> Option<&Value> {
    match text(object, &["kind"]) {
        "Deployment" | "Job" => Some(at(object, &["spec", "template"])),
        "CronJob" => Some(at(object, &["spec", "jobTemplate", "spec", "template"])),
        _ => None,
    }
}

/// All containers of a pod, the ones before the others too.
pub fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    items(pod, &["initContainers"]).chain(items(pod, &["containers"]))
}

/// The pods that an object has made, as selectors see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pods<'o> {
    /// Their namespace.
    pub namespace: &'o str,
    /// The name of the object.
    pub name: &'o str,
    /// Their labels.
    pub labels: BTreeMap<String, String>,
    /// Their specification; nothing where an operator writes it.
    pub spec: Option<&'o Value>,
}

/// The pods of all workloads; those that CloudNativePG makes of a `Cluster`
/// (<https://cloudnative-pg.io/documentation/current/labels_annotations/>) and that cert-manager makes of an `Ingress`
/// (<https://cert-manager.io/docs/configuration/acme/http01/>) too.
pub fn pods(objects: &[Value]) -> Vec<Pods<'_>> {
    let of = |object| {
        let (kind, namespace, name) = identity(object);
        let spec = pod(object);
        let labels = match kind {
            "Cluster" => {
                let mut labels = map(object, &["spec", "inheritedMetadata", "labels"]);
                labels.insert("cnpg.io/cluster".into(), name.into());
                labels
            }
            "Ingress" => [("acme.cert-manager.io/http01-solver".to_owned(), "true".to_owned())].into(),
            _ => map(template(object)?, &["metadata", "labels"]),
        };
        Some(Pods { namespace, name, labels, spec })
    };
    objects.iter().filter_map(of).collect()
}

impl Pods<'_> {
    /// Whether a selector's `matchLabels` fit; no labels fit every pod.
    pub fn fit(&self, labels: &Value) -> bool {
        map(labels, &[]).iter().all(|(key, value)| self.labels.get(key) == Some(value))
    }
}
