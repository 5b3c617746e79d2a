//! The Gateway API: <https://gateway-api.sigs.k8s.io/reference/spec/>.

use serde::Serialize;

use super::Spec;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway<'a> {
    pub gateway_class_name: &'a str,
    pub listeners: Vec<Listener<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listener<'a> {
    pub name: &'a str,
    pub hostname: &'a str,
    pub port: u16,
    pub protocol: &'static str,
    pub tls: Tls,
    pub allowed_routes: AllowedRoutes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tls {
    mode: &'static str,
    certificate_refs: [Reference; 1],
}

#[derive(Serialize)]
struct Reference {
    group: &'static str,
    kind: &'static str,
    name: String,
}

impl Tls {
    /// Ends at the gateway, with the certificate in a Secret.
    pub const fn terminated(secret: String) -> Self {
        Self { mode: "Terminate", certificate_refs: [Reference { group: "", kind: "Secret", name: secret }] }
    }
}

/// Routes of the gateway's own namespace.
#[derive(Serialize)]
pub struct AllowedRoutes {
    namespaces: From,
}

#[derive(Serialize)]
struct From {
    from: &'static str,
}

impl AllowedRoutes {
    pub const SAME: Self = Self { namespaces: From { from: "Same" } };
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRoute<'a> {
    pub hostnames: [&'a str; 1],
    pub parent_refs: [Parent<'a>; 1],
    pub rules: [Rule<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parent<'a> {
    pub group: &'static str,
    pub kind: &'static str,
    pub name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section_name: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule<'a> {
    pub backend_refs: [Backend<'a>; 1],
    pub matches: [Match; 1],
}

#[derive(Serialize)]
pub struct Backend<'a> {
    pub group: &'static str,
    pub kind: &'static str,
    pub name: &'a str,
    pub port: u16,
    pub weight: u8,
}

/// Every path.
#[derive(Serialize)]
pub struct Match {
    path: PathMatch,
}

#[derive(Serialize)]
struct PathMatch {
    r#type: &'static str,
    value: &'static str,
}

impl Match {
    pub const ALL: Self = Self { path: PathMatch { r#type: "PathPrefix", value: "/" } };
}

impl Spec for Gateway<'_> {
    const API_VERSION: &'static str = "gateway.networking.k8s.io/v1";
    const KIND: &'static str = "Gateway";
}

impl Spec for HttpRoute<'_> {
    const API_VERSION: &'static str = "gateway.networking.k8s.io/v1";
    const KIND: &'static str = "HTTPRoute";
}
