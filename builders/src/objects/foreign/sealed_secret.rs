//! `SealedSecret` of Bitnami's Sealed Secrets: values that its controller alone can decrypt.
//!
//! <https://github.com/bitnami/sealed-secrets>, `helm/sealed-secrets/crds`.

use serde::Serialize;

use super::{super::meta::Map, Foreign};

/// The objects' version.
pub(in super::super) const API_VERSION: &str = "bitnami.com/v1alpha1";

/// A Secret to be.
pub(in super::super) type SealedSecret = Foreign<Spec>;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Spec {
    /// By key, the ciphertext.
    pub(in super::super) encrypted_data: Map,
    pub(in super::super) template: Template,
}

/// What the Secret gets beside its decrypted values.
#[derive(Serialize)]
pub(in super::super) struct Template {
    #[serde(rename = "type")]
    pub(in super::super) kind: &'static str,
    pub(in super::super) metadata: Labels,
    /// Values in clear, each a template of Go over the decrypted ones.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(in super::super) data: Map,
}

#[derive(Serialize)]
pub(in super::super) struct Labels {
    pub(in super::super) labels: Map,
}
