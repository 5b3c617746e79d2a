//! How the Secrets of an environment come to be.

use deserr::Deserr;
use schemars::JsonSchema;

use super::{ClassName, Interval, Name, StorePath};
use crate::choice;

/// How the Secrets of an environment come to be. No value of one is ever in the manifests.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(tag = "type")]
pub enum SecretsFrom {
    /// `mlstack secrets` draws values once and prints them for kubectl.
    Generated,
    /// Somebody else makes them, before the manifests are applied.
    External,
    /// `mlstack seal` encrypts them to the cluster's Sealed Secrets controller (Bitnami), in its strict scope.
    Sealed,
    /// The External Secrets Operator fetches them from a store.
    ExternalSecrets(Store),
}

choice!(SecretsFrom { Generated, External, Sealed, ExternalSecrets(Store) });

/// Where the External Secrets Operator finds values: key by key, each a property of the entry
/// `<prefix>/<secret>`.
#[derive(Debug, Clone, PartialEq, Eq, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
pub struct Store {
    /// The name of the store's object in the cluster.
    pub store: ClassName,
    /// The kind of the store's object.
    #[deserr(default)]
    #[schemars(default)]
    pub store_kind: StoreKind,
    /// What stands before the name of a Secret in the store.
    #[deserr(default)]
    #[schemars(default)]
    pub prefix: Option<StorePath>,
    /// How often the operator looks for other values; `0s` is once.
    #[deserr(default)]
    #[schemars(default)]
    pub refresh_interval: Interval,
}

/// Whether one store serves the cluster or each namespace has its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserr, JsonSchema, serde::Serialize)]
pub enum StoreKind {
    /// One store for the whole cluster.
    #[default]
    ClusterSecretStore,
    /// A store of this name in every namespace that has Secrets.
    SecretStore,
}

impl Store {
    /// The entry that holds the values of `secret`.
    pub fn entry(&self, secret: &Name) -> String {
        self.prefix.as_ref().map_or_else(|| secret.to_string(), |prefix| format!("{prefix}/{secret}"))
    }
}
