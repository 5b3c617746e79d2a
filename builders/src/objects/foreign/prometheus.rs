//! The Prometheus operator: <https://prometheus-operator.dev/docs/api-reference/api/>.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::Serialize;
use serde_json::Value;

use super::Spec;

/// Has a Prometheus scrape the pods behind a Service.
#[derive(Serialize)]
pub struct ServiceMonitor {
    pub endpoints: [Endpoint; 1],
    pub selector: LabelSelector,
}

/// Has a Prometheus scrape pods that no Service is for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodMonitor {
    /// The label of the pods whose value becomes the label `job`.
    pub job_label: &'static str,
    #[serde(rename = "podMetricsEndpoints")]
    pub endpoints: [Endpoint; 1],
    pub selector: LabelSelector,
}

#[derive(Serialize)]
pub struct Endpoint {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<Authorization>,
    pub interval: &'static str,
    pub path: &'static str,
    pub port: String,
}

/// A bearer token, in a Secret of the monitor's own namespace.
#[derive(Serialize)]
pub struct Authorization {
    pub credentials: Key,
    pub r#type: &'static str,
}

#[derive(Serialize)]
pub struct Key {
    pub key: String,
    pub name: String,
}

/// Recordings and alerts; a group is what a rule file has.
#[derive(Serialize)]
pub struct PrometheusRule<'r> {
    pub groups: &'r Value,
}

impl Spec for PrometheusRule<'_> {
    const API_VERSION: &'static str = "monitoring.coreos.com/v1";
    const KIND: &'static str = "PrometheusRule";
}

impl Spec for PodMonitor {
    const API_VERSION: &'static str = "monitoring.coreos.com/v1";
    const KIND: &'static str = "PodMonitor";
}

impl Spec for ServiceMonitor {
    const API_VERSION: &'static str = "monitoring.coreos.com/v1";
    const KIND: &'static str = "ServiceMonitor";
}
