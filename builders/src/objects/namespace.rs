//! A namespace, closed and bounded: Pod Security `restricted`, no traffic but what policies open, and
//! room for exactly the stack at its largest.

use k8s_openapi::{
    api::{
        core::v1::{LimitRange, LimitRangeItem, LimitRangeSpec, Namespace, ResourceQuota, ResourceQuotaSpec},
        networking::v1::{NetworkPolicy, NetworkPolicySpec},
    },
    apimachinery::pkg::{
        api::resource,
        apis::meta::v1::{LabelSelector, ObjectMeta},
    },
};
use serde_json::Value;

use super::{
    Plan,
    meta::{labels, meta},
    value,
};
use crate::{
    inventory::Totals,
    name,
    values::{ComputeResources, Name, Quantity},
};

/// What Pod Security enforces, warns about and notes in the audit log.
const LEVEL: &str = "restricted";

pub(super) fn objects(plan: &Plan<'_>, namespace: &Name) -> Vec<Value> {
    let mut objects = vec![value(&itself(plan, namespace)), value(&closed(plan, namespace))];
    objects.extend(limits(plan, namespace).as_ref().map(value));
    objects.push(value(&quota(plan, namespace)));
    objects
}

fn itself(plan: &Plan<'_>, namespace: &Name) -> Namespace {
    let mut labels = labels(plan, namespace);
    for mode in ["enforce", "warn", "audit"] {
        labels.insert(format!("pod-security.kubernetes.io/{mode}"), LEVEL.into());
    }
    Namespace {
        metadata: ObjectMeta { name: Some(namespace.to_string()), labels: Some(labels), ..ObjectMeta::default() },
        ..Namespace::default()
    }
}

fn closed(plan: &Plan<'_>, namespace: &Name) -> NetworkPolicy {
    NetworkPolicy {
        metadata: meta(plan, &name!("deny-all"), namespace, namespace),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(LabelSelector::default()),
            policy_types: Some(vec!["Ingress".into(), "Egress".into()]),
            ..NetworkPolicySpec::default()
        }),
    }
}

type Amounts = std::collections::BTreeMap<String, resource::Quantity>;

/// For pods that state nothing: as little as the smallest container, never more than the largest.
fn limits(plan: &Plan<'_>, namespace: &Name) -> Option<LimitRange> {
    let of = plan.model.workloads.iter().filter(|workload| workload.namespace == *namespace);
    let all: Vec<_> = of.filter_map(|workload| workload.resources).collect();
    let amounts = |cpu: Option<Quantity>, memory: Option<Quantity>| -> Option<Amounts> {
        Some([("cpu".to_owned(), cpu?.into()), ("memory".to_owned(), memory?.into())].into())
    };
    let least = |of: fn(&crate::values::Resources) -> ComputeResources| {
        amounts(all.iter().map(|all| of(all).cpu).min(), all.iter().map(|all| of(all).memory).min())
    };
    let item = LimitRangeItem {
        type_: "Container".into(),
        default: Some(least(|resources| resources.limits)?),
        default_request: Some(least(|resources| resources.requests)?),
        max: amounts(
            all.iter().map(|resources| resources.limits.cpu).max(),
            all.iter().map(|resources| resources.limits.memory).max(),
        ),
        ..LimitRangeItem::default()
    };
    Some(LimitRange {
        metadata: meta(plan, &name!("container-limits"), namespace, namespace),
        spec: Some(LimitRangeSpec { limits: vec![item] }),
    })
}

/// What the environment grants; else every pod at its autoscaler's maximum, a rollout's surge on top, every Job once.
fn quota(plan: &Plan<'_>, namespace: &Name) -> ResourceQuota {
    let largest = Totals::largest(plan.model, Some(namespace));
    let granted = plan.model.cluster.quotas.iter().find(|quota| quota.namespace.value == *namespace);
    let Totals { pods, requests, limits, claims, storage } = granted.map_or(largest, |quota| Totals {
        pods: quota.pods.value.get(),
        requests: quota.requests.value,
        limits: quota.limits.value,
        storage: quota.storage.value.bytes(),
        ..largest
    });
    let hard: Amounts = [
        ("pods".to_owned(), resource::Quantity(pods.to_string())),
        ("requests.cpu".to_owned(), requests.cpu.into()),
        ("requests.memory".to_owned(), requests.memory.into()),
        ("limits.cpu".to_owned(), limits.cpu.into()),
        ("limits.memory".to_owned(), limits.memory.into()),
        ("persistentvolumeclaims".to_owned(), resource::Quantity(claims.to_string())),
        ("requests.storage".to_owned(), storage.into()),
    ]
    .into();
    ResourceQuota {
        metadata: meta(plan, &name!("stack-at-its-largest"), namespace, namespace),
        spec: Some(ResourceQuotaSpec { hard: Some(hard), ..ResourceQuotaSpec::default() }),
        ..ResourceQuota::default()
    }
}
