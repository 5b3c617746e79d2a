//! `SealedSecret` of Bitnami's Sealed Secrets: values that its controller alone can decrypt.
//!
//! <https://github.com/bitnami/sealed-secrets>, `helm/sealed-secrets/crds`.

use serde::Serialize;

use super::{super::meta::Map, Spec};

/// A Secret to be.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SealedSecret {
    /// By key, the ciphertext.
    pub encrypted_data: Map,
    pub template: Template,
}

/// What the Secret gets beside its decrypted values.
#[derive(Serialize)]
pub struct Template {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub metadata: Labels,
    /// Values in clear, each a template of Go over the decrypted ones.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub data: Map,
}

#[derive(Serialize)]
pub struct Labels {
    pub labels: Map,
}

impl Spec for SealedSecret {
    const API_VERSION: &'static str = "bitnami.com/v1alpha1";
    const KIND: &'static str = "SealedSecret";
}
