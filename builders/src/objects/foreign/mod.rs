//! Objects of kinds that Kubernetes itself does not know, as far as we write them. Their fields are held
//! against the projects' own definitions in the tests.

pub(super) mod external_secret;
pub(super) mod sealed_secret;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde_json::Value;

/// An object with a specification.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Foreign<S> {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    pub(super) metadata: ObjectMeta,
    pub(super) spec: S,
}

impl<S: Serialize> Foreign<S> {
    /// The object as a tree.
    pub(super) fn value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_else(|error| unreachable!("an object is JSON: {error}"))
    }
}
