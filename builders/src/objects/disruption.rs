//! Disruption budgets: a drained node takes one pod of a workload at a time.

use k8s_openapi::{
    api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec},
    apimachinery::pkg::util::intstr::IntOrString,
};

use super::{
    Plan,
    meta::{meta, selector},
    names,
};
use crate::workload::Workload;

/// None for a single pod: a budget could only keep its node from ever being drained.
pub(super) fn budget(plan: &Plan<'_>, workload: &Workload) -> Option<PodDisruptionBudget> {
    if workload.replicas().min() < 2 {
        return None;
    }
    let (name, namespace) = names(workload);
    Some(PodDisruptionBudget {
        metadata: meta(plan, &name, &namespace, &name),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::Int(1)),
            selector: Some(selector(&name)),
            // A pod that cannot become ready must not keep its node from being drained.
            unhealthy_pod_eviction_policy: Some("AlwaysAllow".into()),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    })
}
