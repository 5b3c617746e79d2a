//! Secrets with their values, as they are applied to a developer's own cluster.

use builders::{DeclaredSecret, Inventory, KeyName, Name, Source, to_yaml};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{KeyPath, Vault};

/// The Secrets that are ours to make, as YAML documents.
pub(crate) fn manifests(stack: &Name, inventory: &Inventory, vault: &Vault) -> String {
    let ours = [("app.kubernetes.io/managed-by", "mlstack"), ("app.kubernetes.io/part-of", stack.as_str())];
    let manifest = |((namespace, secret), declared): (&(Name, Name), &DeclaredSecret)| {
        let value = |(key, (source, _)): (&KeyName, &(Source, _))| {
            let value = match source {
                Source::Fixed(value) => json!(value.as_str()),
                _ => json!(vault.get(&KeyPath { secret: secret.clone(), key: key.clone() })?.expose_secret()),
            };
            Some((key.to_string(), value))
        };
        let labels = ours.iter().copied().chain(declared.labels.iter().map(|(label, value)| (*label, *value)));
        let labels: serde_json::Map<_, _> = labels.map(|(label, value)| (label.to_owned(), json!(value))).collect();
        let data: serde_json::Map<_, _> = declared.keys.iter().filter_map(value).collect();
        let object = json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": secret.as_str(),
                "namespace": namespace.as_str(),
                "labels": labels,
            },
            "type": declared.kind.as_str(),
            "stringData": data,
        });
        format!("---\n{}", to_yaml(&object))
    };
    inventory.secrets.iter().filter(|(_, declared)| !declared.is_operators()).map(manifest).collect()
}
