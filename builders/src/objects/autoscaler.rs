//! Autoscalers.

use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget,
    ResourceMetricSource,
};

use super::{Plan, int, meta::meta, names};
use crate::{
    values::{Percent, Replicas},
    workload::Workload,
};

pub(super) fn autoscaler(plan: &Plan<'_>, workload: &Workload) -> Option<HorizontalPodAutoscaler> {
    let Replicas::Autoscaled(range) = workload.replicas() else { return None };
    let (name, namespace) = names(workload);
    Some(HorizontalPodAutoscaler {
        metadata: meta(plan, &name, &namespace, &name),
        spec: Some(HorizontalPodAutoscalerSpec {
            scale_target_ref: CrossVersionObjectReference {
                api_version: Some("apps/v1".into()),
                kind: "Deployment".into(),
                name: name.to_string(),
            },
            min_replicas: Some(int(range.min.get())),
            max_replicas: int(range.max.get()),
            metrics: Some(vec![utilization("cpu", range.cpu)]),
            ..HorizontalPodAutoscalerSpec::default()
        }),
        ..HorizontalPodAutoscaler::default()
    })
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
