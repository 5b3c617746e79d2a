//! KEDA: <https://keda.sh/docs/latest/reference/scaledobject-spec/>.

use std::collections::BTreeMap;

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscalerBehavior;
use serde::Serialize;

use super::Spec;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScaledObject {
    pub scale_target_ref: Target,
    pub min_replica_count: u32,
    pub max_replica_count: u32,
    /// Seconds between two questions to Prometheus.
    pub polling_interval: u32,
    pub fallback: Fallback,
    pub advanced: Advanced,
    pub triggers: Vec<Trigger>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    pub api_version: &'static str,
    pub kind: &'static str,
    pub name: String,
}

/// What is done while Prometheus does not answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fallback {
    pub behavior: &'static str,
    pub failure_threshold: u32,
    pub replicas: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Advanced {
    pub horizontal_pod_autoscaler_config: AutoscalerConfig,
}

#[derive(Serialize)]
pub struct AutoscalerConfig {
    pub behavior: HorizontalPodAutoscalerBehavior,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trigger {
    pub r#type: &'static str,
    pub metric_type: &'static str,
    pub metadata: BTreeMap<&'static str, String>,
}

impl Spec for ScaledObject {
    const API_VERSION: &'static str = "keda.sh/v1alpha1";
    const KIND: &'static str = "ScaledObject";
}
