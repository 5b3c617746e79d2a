//! `ExternalSecret` of the External Secrets Operator: values that it fetches from a store.
//!
//! <https://github.com/external-secrets/external-secrets>, `config/crds/bases`.

use serde::Serialize;

use super::{super::meta::Map, Spec, sealed_secret::Labels};
use crate::values::StoreKind;

/// A Secret to be.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecret {
    pub refresh_interval: String,
    pub secret_store_ref: StoreRef,
    pub target: Target,
    pub data: Vec<Entry>,
}

#[derive(Serialize)]
pub struct StoreRef {
    pub kind: StoreKind,
    pub name: String,
}

/// The Secret that is made.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    pub name: String,
    pub creation_policy: &'static str,
    pub deletion_policy: &'static str,
    pub template: Template,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub metadata: Labels,
    pub engine_version: &'static str,
    /// Whether `data` replaces what was fetched or stands beside it.
    pub merge_policy: &'static str,
    /// Values in clear, each a template of Go over the fetched ones.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub data: Map,
}

/// A key of the Secret and where its value is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub secret_key: String,
    pub remote_ref: RemoteRef,
}

/// Where a value is. The schema would fill in the rest, and that inside a list, which Argo CD compares whole.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoteRef {
    key: String,
    property: String,
    conversion_strategy: &'static str,
    decoding_strategy: &'static str,
    metadata_policy: &'static str,
}

impl RemoteRef {
    /// A property of an entry, as it is.
    pub const fn new(key: String, property: String) -> Self {
        Self { key, property, conversion_strategy: "Default", decoding_strategy: "None", metadata_policy: "None" }
    }
}

impl Spec for ExternalSecret {
    const API_VERSION: &'static str = "external-secrets.io/v1";
    const KIND: &'static str = "ExternalSecret";
}
