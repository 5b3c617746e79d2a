//! The plugin barman-cloud of CloudNativePG:
//! <https://cloudnative-pg.io/plugin-barman-cloud/docs/plugin-barman-cloud.v1/>.

use k8s_openapi::api::core::v1::{EnvVar, ResourceRequirements};
use serde::Serialize;

use super::Spec;

/// The plugin's name, by which clusters and backups ask for it.
pub const PLUGIN: &str = "barman-cloud.cloudnative-pg.io";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectStore<'a> {
    pub configuration: Configuration<'a>,
    pub instance_sidecar_configuration: Sidecar,
    pub retention_policy: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Configuration<'a> {
    pub destination_path: &'a str,
    #[serde(rename = "endpointURL", skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    #[serde(flatten)]
    pub credentials: Credentials,
    pub data: Compression,
    pub wal: Compression,
}

#[derive(Serialize)]
pub enum Credentials {
    #[serde(rename = "s3Credentials")]
    S3(S3),
    #[serde(rename = "googleCredentials")]
    Google(Google),
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum S3 {
    Key {
        access_key_id: Key,
        secret_access_key: Key,
    },
    Role {
        #[serde(rename = "inheritFromIAMRole")]
        inherit: bool,
    },
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Google {
    File { application_credentials: Key },
    Workload { gke_environment: bool },
}

#[derive(Serialize)]
pub struct Key {
    pub key: String,
    pub name: String,
}

#[derive(Serialize)]
pub struct Compression {
    pub compression: &'static str,
}

#[derive(Serialize)]
pub struct Sidecar {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    pub resources: ResourceRequirements,
}

impl Spec for ObjectStore<'_> {
    const API_VERSION: &'static str = "barmancloud.cnpg.io/v1";
    const KIND: &'static str = "ObjectStore";
}
