//! `ExternalSecret` of the External Secrets Operator: values that it fetches from a store.
//!
//! <https://github.com/external-secrets/external-secrets>, `config/crds/bases`.

use serde::Serialize;

use super::{super::meta::Map, Foreign, sealed_secret::Labels};
use crate::values::StoreKind;

/// The objects' version.
pub(in super::super) const API_VERSION: &str = "external-secrets.io/v1";

/// A Secret to be.
pub(in super::super) type ExternalSecret = Foreign<Spec>;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Spec {
    pub(in super::super) refresh_interval: String,
    pub(in super::super) secret_store_ref: StoreRef,
    pub(in super::super) target: Target,
    pub(in super::super) data: Vec<Entry>,
}

#[derive(Serialize)]
pub(in super::super) struct StoreRef {
    pub(in super::super) kind: StoreKind,
    pub(in super::super) name: String,
}

/// The Secret that is made.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Target {
    pub(in super::super) name: String,
    pub(in super::super) creation_policy: &'static str,
    pub(in super::super) deletion_policy: &'static str,
    pub(in super::super) template: Template,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Template {
    #[serde(rename = "type")]
    pub(in super::super) kind: &'static str,
    pub(in super::super) metadata: Labels,
    pub(in super::super) engine_version: &'static str,
    /// Whether `data` replaces what was fetched or stands beside it.
    pub(in super::super) merge_policy: &'static str,
    /// Values in clear, each a template of Go over the fetched ones.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(in super::super) data: Map,
}

/// A key of the Secret and where its value is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Entry {
    pub(in super::super) secret_key: String,
    pub(in super::super) remote_ref: RemoteRef,
}

#[derive(Serialize)]
pub(in super::super) struct RemoteRef {
    pub(in super::super) key: String,
    pub(in super::super) property: String,
}
