//! What an environment says of its object store.

use builders::{Annotations, Peer, Url, choice};
use deserr::Deserr;
use schemars::JsonSchema;

use super::Bucket;

/// Where the store is, and as whom it is asked.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields, rename = "ObjectStoreValues")]
pub struct Values {
    /// The bucket, and a prefix for everything of this environment.
    pub bucket: Bucket,
    /// As whom it is asked.
    pub access: Access,
    /// S3's region, such as `eu-central-1`.
    #[deserr(default)]
    #[schemars(default)]
    pub region: Option<String>,
    /// The address of a store that speaks S3's language but is not Amazon's.
    #[deserr(default)]
    #[schemars(default)]
    pub endpoint: Option<Url>,
    /// Where that address is, for network policies; the internet if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub peer: Option<Peer>,
}

/// As whom pods ask the store.
#[derive(Debug, Clone, JsonSchema, serde::Serialize)]
#[schemars(tag = "type")]
#[serde(tag = "type")]
pub enum Access {
    /// As an identity that the cloud gives to the pods' accounts; nobody keeps a key.
    WorkloadIdentity(Identity),
    /// With a key, in the Secret `object-store`.
    Secret,
}

choice!(Access { WorkloadIdentity(Identity), Secret });

/// How the cloud knows the accounts.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Identity {
    /// Annotations of the accounts: `eks.amazonaws.com/role-arn` or `iam.gke.io/gcp-service-account`; none for EKS Pod Identity.
    #[deserr(default)]
    #[schemars(default)]
    pub annotations: Annotations,
}
