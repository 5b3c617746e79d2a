//! An object store that somebody else runs: models and artifacts live in a bucket, and pods reach it as an identity of
//! the cloud or with a key.

mod archive;
mod bucket;
mod values;

use std::net::Ipv4Addr;

pub use bucket::{Bucket, Store};
use builders::{App, Peer, SecretKey, Unfinished, Url, key, name};
pub use values::{Access, Identity, Values};

/// An object store, as its clients see it.
#[derive(Debug, Clone)]
pub struct ObjectStore {
    values: Values,
    keys: Vec<SecretKey>,
}

/// Where Google's libraries look for a key file, and where it is mounted.
const GOOGLE_FILE: (&str, &str) = ("GOOGLE_APPLICATION_CREDENTIALS", "/etc/object-store");

/// Who gives pods the tokens of their identity, on the pod's own node: Google's metadata server, at its address or where the
/// node redirects to before policies are asked
/// (<https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity>), and the
/// agent of EKS Pod Identity.
const GOOGLE: [(Ipv4Addr, u16); 2] =
    [(Ipv4Addr::new(169, 254, 169, 254), 80), (Ipv4Addr::new(169, 254, 169, 252), 988)];
const AMAZON: [(Ipv4Addr, u16); 1] = [(Ipv4Addr::new(169, 254, 170, 23), 80)];

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
            // boto3 reads no AWS_REGION.
            client = client.variable("AWS_DEFAULT_REGION", region);
        }
        if let Some(endpoint) = endpoint {
            client = client.variable("AWS_ENDPOINT_URL", endpoint.to_string());
            if endpoint.is_plain() {
                client = client.variable("AWS_ALLOW_HTTP", "true");
            }
        }
        match (access, bucket.store, self.keys.as_slice()) {
            (Access::WorkloadIdentity(identity), store, _) => {
                // An account without a role's name is one of EKS Pod Identity, which asks an agent.
                let asked: &[_] = match store {
                    Store::Gcs => &GOOGLE,
                    Store::S3 if identity.annotations.0.is_empty() => &AMAZON,
                    Store::S3 => &[],
                };
                let client = client.identity(&identity.annotations);
                asked.iter().fold(client, |client, (address, port)| {
                    client.reach(
                        Peer::address((*address).into()),
                        *port,
                        "the cloud's tokens for the account of the pod",
                    )
                })
            }
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
