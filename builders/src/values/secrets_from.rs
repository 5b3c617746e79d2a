//! How the Secrets of an environment come to be.

use deserr::{DeserializeError, Deserr, IntoValue, Value, ValuePointerRef};
use schemars::JsonSchema;

use super::{Interval, Invalid, Name, StorePath, text::refuse};

/// How the Secrets of an environment come to be. No value of one is ever in the manifests.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(tag = "type", deny_unknown_fields)]
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

/// Where the External Secrets Operator finds values: key by key, each a property of the entry
/// `<prefix>/<secret>`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
pub struct Store {
    /// The name of the store's object in the cluster.
    pub store: Name,
    /// The kind of the store's object.
    #[schemars(default)]
    pub store_kind: StoreKind,
    /// What stands before the name of a Secret in the store.
    #[schemars(default)]
    pub prefix: Option<StorePath>,
    /// How often the operator looks for other values; `0s` is once.
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

/// As written, before the type and the other keys are held against each other.
#[derive(Deserr)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
struct Written {
    #[deserr(rename = "type")]
    kind: Kind,
    #[deserr(default)]
    store: Option<Name>,
    #[deserr(default)]
    store_kind: Option<StoreKind>,
    #[deserr(default)]
    prefix: Option<StorePath>,
    #[deserr(default)]
    refresh_interval: Option<Interval>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserr)]
enum Kind {
    Generated,
    External,
    Sealed,
    ExternalSecrets,
}

impl<E: DeserializeError> Deserr<E> for SecretsFrom {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let refused = |what: &str, hint: &str, at| Err(refuse::<V, E>(&Invalid::new(what, hint), at));
        if let Value::String(word) = &value {
            // The form before there were types with keys of their own.
            let kind = if word == "external" { "External" } else { "Generated" };
            return refused("`secrets` says a type", &format!("write secrets: {{type: {kind}}}"), location);
        }
        let written = Written::deserialize_from_value(value, location)?;
        let set = [
            ("store", written.store.is_some()),
            ("storeKind", written.store_kind.is_some()),
            ("prefix", written.prefix.is_some()),
            ("refreshInterval", written.refresh_interval.is_some()),
        ];
        let kind = match written {
            Written { kind: Kind::ExternalSecrets, store: Some(store), store_kind, prefix, refresh_interval } => {
                let (store_kind, refresh_interval) =
                    (store_kind.unwrap_or_default(), refresh_interval.unwrap_or_default());
                return Ok(Self::ExternalSecrets(Store { store, store_kind, prefix, refresh_interval }));
            }
            Written { kind: Kind::ExternalSecrets, store: None, .. } => {
                let hint = "add store: with the name of a ClusterSecretStore of the cluster";
                return refused("external secrets come from a store", hint, location);
            }
            Written { kind, .. } => kind,
        };
        if let Some((key, _)) = set.into_iter().find(|(_, set)| *set) {
            let hint = format!("write type: ExternalSecrets, or remove {key}");
            return refused(&format!("only type ExternalSecrets has a {key}"), &hint, location.push_key(key));
        }
        Ok(match kind {
            Kind::Generated => Self::Generated,
            Kind::External => Self::External,
            Kind::Sealed | Kind::ExternalSecrets => Self::Sealed,
        })
    }
}
