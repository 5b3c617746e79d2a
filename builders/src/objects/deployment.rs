//! Deployments, and how they are rolled out.

use k8s_openapi::{
    api::{
        apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment},
        core::v1::TopologySpreadConstraint,
    },
    apimachinery::pkg::{apis::meta::v1::LabelSelector, util::intstr::IntOrString},
};

use super::{
    Plan, int,
    meta::{meta, selector},
    names, pod,
};
use crate::{cluster::Topology, values::Replicas, workload::Workload};

/// The API server's own default, in seconds: shorter would fail rollouts that are merely slow.
const PROGRESS_DEADLINE: u32 = 600;

pub(super) fn deployment(plan: &Plan<'_>, workload: &Workload) -> Deployment {
    let (name, namespace) = names(workload);
    let mut template = pod::template(plan, workload);
    if let Some(pod) = template.spec.as_mut().filter(|_| workload.replicas().max() > 1) {
        let zones = plan.model.cluster.topology == Topology::ManyZones;
        let keys = zones.then_some("topology.kubernetes.io/zone").into_iter().chain(["kubernetes.io/hostname"]);
        pod.topology_spread_constraints = Some(keys.map(|key| evenly(workload, key)).collect());
    }
    Deployment {
        metadata: meta(plan, &name, &namespace, &name),
        spec: Some(DeploymentSpec {
            // An autoscaler's number must not be set back by the next apply.
            replicas: match workload.replicas() {
                Replicas::Fixed(count) => Some(int(count)),
                Replicas::Autoscaled(_) => None,
            },
            selector: selector(&name),
            strategy: Some(strategy(workload)),
            // A pod may take its whole start-up budget; only then is a rollout stuck.
            progress_deadline_seconds: Some(int(PROGRESS_DEADLINE.max(workload.budget().saturating_add(60)))),
            revision_history_limit: Some(3),
            template,
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    }
}

/// The old pod stops first where it holds the only claim; everywhere else the new one is ready first.
fn strategy(workload: &Workload) -> DeploymentStrategy {
    if workload.is_only_writer() {
        return DeploymentStrategy { type_: Some("Recreate".into()), rolling_update: None };
    }
    DeploymentStrategy {
        type_: Some("RollingUpdate".into()),
        rolling_update: Some(RollingUpdateDeployment {
            max_surge: Some(IntOrString::Int(1)),
            max_unavailable: Some(IntOrString::Int(0)),
        }),
    }
}

/// Pods of the version before must not count while a rollout goes on.
fn evenly(workload: &Workload, key: &str) -> TopologySpreadConstraint {
    let version = Some(vec!["pod-template-hash".into()]);
    TopologySpreadConstraint { match_label_keys: version, ..spread(key, Some(selector(&workload.name))) }
}

/// Evenly over zones or nodes, as far as there are any.
pub(super) fn spread(key: &str, pods: Option<LabelSelector>) -> TopologySpreadConstraint {
    TopologySpreadConstraint {
        max_skew: 1,
        topology_key: key.into(),
        when_unsatisfiable: "ScheduleAnyway".into(),
        label_selector: pods,
        ..TopologySpreadConstraint::default()
    }
}
