//! What stands in `out/` for the declared Secrets, where the environment says that something in the cluster
//! makes them: never a value that is secret.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use super::{
    Plan,
    foreign::{
        external_secret::{self, Entry, ExternalSecret, RemoteRef, StoreRef, Target},
        object,
        sealed_secret::{Labels, SealedSecret, Template},
    },
    meta::{Map, labels, meta},
};
use crate::{
    cluster::{Ciphertexts, SecretsPlan},
    handles::Source,
    inventory::DeclaredSecret,
    values::{KeyName, Name, Store},
};

/// The objects of the Secrets that are read in `namespace`.
pub(super) fn objects(plan: &Plan<'_>, namespace: &Name, secrets: &Declared) -> Vec<Value> {
    let here = secrets.iter().filter(|((at, _), _)| at == namespace);
    let made = here.filter(|(_, declared)| !declared.is_operators()).map(|((_, name), declared)| {
        let (metadata, mut labels) = (meta(plan, name, namespace, name), labels(plan, name));
        labels.extend(declared.labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())));
        match &plan.model.cluster.secrets {
            SecretsPlan::Elsewhere => None,
            SecretsPlan::Sealed(ciphertexts) => {
                Some(sealed(&metadata, labels, declared, of(ciphertexts, namespace, name)))
            }
            SecretsPlan::ExternalSecrets(store) => Some(external(&metadata, labels, name, declared, store)),
        }
    });
    made.flatten().collect()
}

type Declared = BTreeMap<(Name, Name), DeclaredSecret>;

fn of<'c>(ciphertexts: &'c Ciphertexts, namespace: &Name, secret: &Name) -> Option<&'c BTreeMap<KeyName, String>> {
    ciphertexts.get(namespace)?.get(secret)
}

fn sealed(
    metadata: &ObjectMeta,
    labels: Map,
    declared: &DeclaredSecret,
    ciphertexts: Option<&BTreeMap<KeyName, String>>,
) -> Value {
    let encrypted = declared.asked_for().filter_map(|(key, _)| Some((key.to_string(), ciphertexts?.get(key)?.clone())));
    let spec = SealedSecret {
        encrypted_data: encrypted.collect(),
        template: Template { kind: declared.kind.as_str(), metadata: Labels { labels }, data: clear(declared) },
    };
    object(metadata, &spec)
}

fn external(metadata: &ObjectMeta, labels: Map, name: &Name, declared: &DeclaredSecret, store: &Store) -> Value {
    let entry = |(key, _): (&KeyName, _)| Entry {
        secret_key: key.to_string(),
        remote_ref: RemoteRef::new(store.entry(name), key.to_string()),
    };
    let template = external_secret::Template {
        kind: declared.kind.as_str(),
        metadata: Labels { labels },
        engine_version: "v2",
        merge_policy: "Merge",
        data: clear(declared),
    };
    let spec = ExternalSecret {
        refresh_interval: store.refresh_interval.to_string(),
        secret_store_ref: StoreRef { kind: store.store_kind, name: store.store.to_string() },
        target: Target {
            name: name.to_string(),
            creation_policy: "Owner",
            // A store that lost an entry takes no running database's password with it.
            deletion_policy: "Retain",
            template,
        },
        data: declared.asked_for().map(entry).collect(),
    };
    object(metadata, &spec)
}

/// The values that are no secret. They are names, so none of them is read as a template.
fn clear(declared: &DeclaredSecret) -> Map {
    let fixed = declared.keys.iter().filter_map(|(key, (source, _))| match source {
        Source::Fixed(value) => Some((key.to_string(), value.to_string())),
        _ => None,
    });
    fixed.collect()
}
