//! CloudNativePG: <https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/>.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ResourceRequirements, TopologySpreadConstraint};
use serde::Serialize;

use super::Spec;
use crate::values::Name;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster<'a> {
    pub affinity: Affinity,
    pub bootstrap: Bootstrap<'a>,
    pub enable_superuser_access: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub external_clusters: Vec<ExternalCluster<'a>>,
    pub image_name: &'a str,
    pub inherited_metadata: Inherited,
    pub instances: u32,
    pub managed: Managed<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plugins: Vec<Plugin<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority_class_name: Option<String>,
    pub resources: ResourceRequirements,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_template: Option<AccountTemplate>,
    pub storage: Storage,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topology_spread_constraints: Vec<TopologySpreadConstraint>,
}

/// Instances apart from each other, as far as there is room.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Affinity {
    #[serde(rename = "enablePodAntiAffinity")]
    pub spread: bool,
    pub pod_anti_affinity_type: &'static str,
    pub topology_key: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bootstrap<'a> {
    InitDb(InitDb<'a>),
    Recovery(Recovery<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recovery<'a> {
    pub database: &'a str,
    pub owner: &'a str,
    #[serde(rename = "recoveryTarget", skip_serializing_if = "Option::is_none")]
    pub target: Option<RecoveryTarget>,
    pub source: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryTarget {
    pub target_time: String,
}

#[derive(Serialize)]
pub struct ExternalCluster<'a> {
    pub name: &'a str,
    pub plugin: Plugin<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plugin<'a> {
    // The schema would fill in these, and that inside a list, which controllers compare whole.
    enabled: bool,
    #[serde(rename = "isWALArchiver")]
    archives: bool,
    name: &'static str,
    parameters: Parameters<'a>,
}

impl<'a> Plugin<'a> {
    /// barman-cloud, on the folder of a cluster in an object store.
    pub fn barman(store: &Name, folder: &'a str, archives: bool) -> Self {
        let parameters = Parameters { barman_object_name: store.to_string(), server_name: folder };
        Self { enabled: true, archives, name: super::barman_cloud::PLUGIN, parameters }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameters<'a> {
    barman_object_name: String,
    server_name: &'a str,
}

#[derive(Serialize)]
pub struct AccountTemplate {
    pub metadata: Annotated,
}

#[derive(Serialize)]
pub struct Annotated {
    pub annotations: BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InitDb<'a> {
    pub data_checksums: bool,
    pub database: &'a str,
    pub owner: &'a str,
}

#[derive(Serialize)]
pub struct Inherited {
    pub labels: BTreeMap<String, String>,
}

#[derive(Serialize)]
pub struct Managed<'a> {
    pub roles: Vec<Role<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Role<'a> {
    name: &'a str,
    login: bool,
    password_secret: Named<'a>,
    // The schema would fill in these, and that inside a list, which controllers compare whole.
    connection_limit: i32,
    ensure: &'static str,
    inherit: bool,
}

impl<'a> Role<'a> {
    /// A role that logs in with the password of a Secret, any number of times.
    pub const fn login(name: &'a str, secret: &'a str) -> Self {
        let password_secret = Named { name: secret };
        Self { name, login: true, password_secret, connection_limit: -1, ensure: "present", inherit: true }
    }
}

#[derive(Serialize)]
pub struct Named<'a> {
    pub name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    pub size: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_class: Option<String>,
}

#[derive(Serialize)]
pub struct Database<'a> {
    pub cluster: Named<'a>,
    pub name: &'a str,
    pub owner: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScheduledBackup<'a> {
    pub backup_owner_reference: &'static str,
    pub cluster: Named<'a>,
    pub immediate: bool,
    pub method: &'static str,
    pub plugin_configuration: Named<'a>,
    pub schedule: String,
}

impl Spec for ScheduledBackup<'_> {
    const API_VERSION: &'static str = "postgresql.cnpg.io/v1";
    const KIND: &'static str = "ScheduledBackup";
}

impl Spec for Cluster<'_> {
    const API_VERSION: &'static str = "postgresql.cnpg.io/v1";
    const KIND: &'static str = "Cluster";
}

impl Spec for Database<'_> {
    const API_VERSION: &'static str = "postgresql.cnpg.io/v1";
    const KIND: &'static str = "Database";
}
