//! cert-manager: <https://cert-manager.io/docs/reference/api-docs/>.

use serde::Serialize;

use super::Spec;

/// Has cert-manager's ingress-shim make the certificate of an Ingress.
pub const CLUSTER_ISSUER: &str = "cert-manager.io/cluster-issuer";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate<'a> {
    pub dns_names: [&'a str; 1],
    pub issuer_ref: IssuerRef<'a>,
    pub private_key: PrivateKey,
    pub secret_name: String,
}

#[derive(Serialize)]
pub struct IssuerRef<'a> {
    pub group: &'static str,
    pub kind: &'static str,
    pub name: &'a str,
}

/// A new key with each certificate, small and fast to verify.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateKey {
    algorithm: &'static str,
    rotation_policy: &'static str,
    size: u16,
}

impl PrivateKey {
    pub const EC: Self = Self { algorithm: "ECDSA", rotation_policy: "Always", size: 256 };
}

impl Spec for Certificate<'_> {
    const API_VERSION: &'static str = "cert-manager.io/v1";
    const KIND: &'static str = "Certificate";
}
