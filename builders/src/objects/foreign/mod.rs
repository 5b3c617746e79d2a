//! Objects of other projects' operators: as much of each as is written here, by its own reference. The tests hold them
//! against the projects' own schemas.

pub(super) mod barman_cloud;
pub(super) mod cert_manager;
pub(super) mod cloudnative_pg;
pub(super) mod external_secret;
pub(super) mod gateway;
pub(super) mod keda;
pub(super) mod prometheus;
pub(super) mod sealed_secret;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde_json::{Value, json};

/// The specification of a foreign kind.
pub(super) trait Spec: Serialize {
    const API_VERSION: &'static str;
    const KIND: &'static str;
}

/// An object as a tree.
pub(super) fn object<S: Spec>(metadata: &ObjectMeta, spec: &S) -> Value {
    json!({"apiVersion": S::API_VERSION, "kind": S::KIND, "metadata": metadata, "spec": spec})
}
