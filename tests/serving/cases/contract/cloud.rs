//! What Amazon's clusters do to pods when they come: those whose account names a role get a token and the variables for it
//! (<https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html>).

use std::{collections::BTreeMap, fs};

use servers::S3;
use tests::manifests::map;

use super::{cluster::Cluster, pod::Pod};

/// Where its webhook mounts the token.
const PLACE: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount";

/// A store, and who tells tokens.
pub struct Cloud {
    /// Of the store here: its addresses, and the files `token` and `ca.crt`.
    variables: BTreeMap<&'static str, String>,
    files: BTreeMap<String, String>,
}

impl Cloud {
    pub fn of(server: &S3) -> Self {
        let mut variables: BTreeMap<_, _> = server.identity().into();
        let mut file = |variable: &str| fs::read_to_string(variables.remove(variable).unwrap()).unwrap();
        let files = [("token", "AWS_WEB_IDENTITY_TOKEN_FILE"), ("ca.crt", "SSL_CERT_FILE")];
        let files = files.map(|(name, variable)| (name.to_owned(), file(variable))).into();
        // They are for the manifests to say.
        variables.retain(|name, _| !["AWS_REGION", "AWS_ROLE_ARN"].contains(name));
        Self { variables, files }
    }

    /// A pod as the cluster takes it in.
    pub fn admit<'c>(&self, pod: Pod<'c>, cluster: &'c Cluster) -> Pod<'c> {
        let account = cluster.object("ServiceAccount", pod.namespace, pod.account());
        let annotations = map(account, &["metadata", "annotations"]);
        let Some(role) = annotations.get("eks.amazonaws.com/role-arn") else { return pod };
        let pod = pod.given("eks", self.files.clone(), PLACE).with("AWS_ROLE_ARN", role);
        let pod = pod.with("AWS_WEB_IDENTITY_TOKEN_FILE", &format!("{PLACE}/token"));
        // The store's certificate is nobody's but its own.
        let pod = pod.with("SSL_CERT_FILE", &format!("{PLACE}/ca.crt"));
        self.variables.iter().fold(pod, |pod, (name, value)| pod.with(name, value))
    }
}
