//! An object store that somebody else runs: models and artifacts live in a bucket, and pods reach it as an identity of
//! the cloud or with a key.

use std::collections::BTreeMap;

use builders::{App, Peer, SecretKey, Unfinished, Url, choice, key, name};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::bucket::{Bucket, Store};

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
    /// Annotations of the accounts: `eks.amazonaws.com/role-arn` or `iam.gke.io/gcp-service-account`.
    pub annotations: BTreeMap<String, String>,
}

/// An object store, as its clients see it.
#[derive(Debug, Clone)]
pub struct ObjectStore {
    values: Values,
    keys: Vec<SecretKey>,
}

/// Where Google's libraries look for a key file, and where it is mounted.
const GOOGLE_FILE: (&str, &str) = ("GOOGLE_APPLICATION_CREDENTIALS", "/etc/object-store");

/// Google's metadata server, which gives pods the tokens of their identity.
const GOOGLE_METADATA: std::net::Ipv4Addr = std::net::Ipv4Addr::new(169, 254, 169, 254);

/// Declares what pods need to ask the store.
pub fn object_store(app: &mut App, values: &Values) -> ObjectStore {
    let keys = match (&values.access, values.bucket.store) {
        (Access::WorkloadIdentity(_), _) => Vec::new(),
        (Access::Secret, Store::S3) => {
            let secret = app.secret(name!("object-store"));
            vec![secret.supplied(key!("AWS_ACCESS_KEY_ID")), secret.supplied(key!("AWS_SECRET_ACCESS_KEY"))]
        }
        (Access::Secret, Store::Gcs) => vec![app.secret(name!("object-store")).supplied(key!("credentials.json"))],
    };
    ObjectStore { values: values.clone(), keys }
}

impl ObjectStore {
    /// A place in the store, for the program that is given it.
    pub fn place(&self, part: &str) -> Bucket {
        self.values.bucket.below(part)
    }

    /// Gives a program its way to the store, by the variables that the clouds' own libraries read.
    pub fn attach<'m, K>(&self, client: Unfinished<'m, K>) -> Unfinished<'m, K> {
        let Values { bucket, access, region, endpoint, peer } = &self.values;
        let reason = format!("the object store of {bucket}");
        let port = endpoint.as_ref().map_or(443, Url::port);
        let mut client = client.reach(peer.clone().unwrap_or_else(Peer::internet), port, reason);
        if let Some(region) = region {
            client = client.variable("AWS_REGION", region);
        }
        if let Some(endpoint) = endpoint {
            client = client.variable("AWS_ENDPOINT_URL", endpoint.to_string());
            if endpoint.is_plain() {
                client = client.variable("AWS_ALLOW_HTTP", "true");
            }
        }
        match (access, bucket.store, self.keys.as_slice()) {
            (Access::WorkloadIdentity(identity), Store::S3, _) => client.identity(&identity.annotations),
            (Access::WorkloadIdentity(identity), Store::Gcs, _) => client.identity(&identity.annotations).reach(
                Peer::address(GOOGLE_METADATA.into()),
                80,
                "the metadata server, for tokens of the identity",
            ),
            (Access::Secret, Store::Gcs, [file]) => client
                .mount(&file.file(), GOOGLE_FILE.1)
                .variable(GOOGLE_FILE.0, format!("{}/{}", GOOGLE_FILE.1, file.key())),
            (Access::Secret, _, keys) => {
                let named = [("AWS_ACCESS_KEY_ID", keys.first()), ("AWS_SECRET_ACCESS_KEY", keys.get(1))];
                named
                    .into_iter()
                    .filter_map(|(name, key)| Some((name, key?)))
                    .fold(client, |client, (name, key)| client.secret(name, key))
            }
        }
    }
}
