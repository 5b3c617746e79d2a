//! Autoscalers: Kubernetes' own, or KEDA's where requests are counted.

use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget, ResourceMetricSource,
};
use serde_json::Value;

use super::{
    Plan,
    foreign::{
        keda::{Advanced, AutoscalerConfig, Fallback, ScaledObject, Target, Trigger},
        object,
    },
    int,
    meta::meta,
    names, value,
};
use crate::{
    cluster::Prometheus,
    values::{Autoscaling, Percent, Rate, Replicas},
    workload::Workload,
};

pub(super) fn autoscaler(plan: &Plan<'_>, workload: &Workload) -> Option<Value> {
    let Replicas::Autoscaled(range) = workload.replicas() else { return None };
    let (name, namespace) = names(workload);
    let metadata = meta(plan, &name, &namespace, &name);
    let counted = range.requests_per_second.zip(plan.model.cluster.prometheus.as_ref());
    if let Some((rate, prometheus)) = counted {
        return Some(object(&metadata, &scaled(workload, &range, rate, prometheus)));
    }
    Some(value(&HorizontalPodAutoscaler {
        metadata,
        spec: Some(HorizontalPodAutoscalerSpec {
            scale_target_ref: CrossVersionObjectReference {
                api_version: Some("apps/v1".into()),
                kind: "Deployment".into(),
                name: name.to_string(),
            },
            min_replicas: Some(int(range.min.get())),
            max_replicas: int(range.max.get()),
            metrics: Some(range.resources().map(|(what, target)| utilization(what, target)).collect()),
            behavior: Some(behavior()),
        }),
        ..HorizontalPodAutoscaler::default()
    }))
}

/// Up at once, to the double or by four pods in 15 s, whichever is more: a pod is ready within a second. Down by what five
/// calm minutes allow, a quarter of the pods a minute: a dip between two waves must not cost the second one.
fn behavior() -> HorizontalPodAutoscalerBehavior {
    let policy = |type_: &str, value, period_seconds| HPAScalingPolicy { type_: type_.into(), value, period_seconds };
    let rules = |calm, policies| HPAScalingRules {
        stabilization_window_seconds: Some(calm),
        select_policy: Some("Max".into()),
        policies: Some(policies),
        ..HPAScalingRules::default()
    };
    HorizontalPodAutoscalerBehavior {
        scale_up: Some(rules(0, vec![policy("Percent", 100, 15), policy("Pods", 4, 15)])),
        scale_down: Some(rules(300, vec![policy("Percent", 25, 60), policy("Pods", 1, 60)])),
    }
}

/// Mean use over all pods, in percent of the request.
fn utilization(resource: &str, target: Percent) -> MetricSpec {
    MetricSpec {
        type_: "Resource".into(),
        resource: Some(ResourceMetricSource {
            name: resource.into(),
            target: MetricTarget {
                type_: "Utilization".into(),
                average_utilization: Some(i32::from(target.number())),
                ..MetricTarget::default()
            },
        }),
        ..MetricSpec::default()
    }
}

/// KEDA asks Prometheus for the rate over two minutes: four scrapes of the usual 30 s.
fn scaled(workload: &Workload, range: &Autoscaling, rate: Rate, prometheus: &Prometheus) -> ScaledObject {
    let (name, namespace) = names(workload);
    let metric = workload.metrics.as_ref().and_then(|metrics| metrics.requests).unwrap_or_default();
    let requests = Trigger {
        r#type: "prometheus",
        metric_type: "AverageValue",
        metadata: [
            ("query", format!("sum(rate({metric}{{namespace=\"{namespace}\",service=\"{name}\"}}[2m]))")),
            // No series is a question without an answer, not 0: a pod counts its own probes.
            ("ignoreNullValues", "false".to_owned()),
            ("serverAddress", prometheus.address.to_string()),
            ("threshold", rate.get().to_string()),
        ]
        .into(),
    };
    let resource = |(what, target): (&'static str, Percent)| Trigger {
        r#type: what,
        metric_type: "Utilization",
        metadata: [("value", target.number().to_string())].into(),
    };
    ScaledObject {
        scale_target_ref: Target { api_version: "apps/v1", kind: "Deployment", name: name.to_string() },
        min_replica_count: range.min.get(),
        max_replica_count: range.max.get(),
        polling_interval: 15,
        // As many pods as there are, and never fewer than the least, until Prometheus answers again.
        fallback: Fallback { behavior: "currentReplicasIfHigher", failure_threshold: 4, replicas: range.min.get() },
        advanced: Advanced { horizontal_pod_autoscaler_config: AutoscalerConfig { behavior: behavior() } },
        triggers: std::iter::once(requests).chain(range.resources().map(resource)).collect(),
    }
}
