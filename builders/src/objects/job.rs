//! Jobs, named by what they do.

use k8s_openapi::api::batch::v1::{
    Job, JobSpec, PodFailurePolicy, PodFailurePolicyOnExitCodesRequirement, PodFailurePolicyRule,
};
use serde_json::Value;

use super::{Plan, hash::hash, int, meta::meta, names, pod, value};
use crate::workload::Workload;

pub(super) fn job(plan: &Plan<'_>, workload: &Workload) -> Value {
    let (component, namespace) = names(workload);
    let spec = spec(plan, workload);
    // Kubernetes' own types have their fields in a fixed order, so the same specification is the same text.
    let text = serde_json::to_string(&spec).unwrap_or_else(|error| unreachable!("a JobSpec is JSON: {error}"));
    let name = component.with_hash(hash(&text));
    let metadata = meta(plan, &name, &namespace, &component);
    value(&Job { metadata, spec: Some(spec), ..Job::default() })
}

pub(super) fn spec(plan: &Plan<'_>, workload: &Workload) -> JobSpec {
    JobSpec {
        active_deadline_seconds: Some(i64::from(workload.budget())),
        backoff_limit: Some(int(workload.retries)),
        pod_failure_policy: failure_policy(workload),
        template: pod::template(plan, workload),
        ..JobSpec::default()
    }
}

fn failure_policy(workload: &Workload) -> Option<PodFailurePolicy> {
    let mut values: Vec<i32> = workload.final_codes.iter().copied().map(i32::from).collect();
    // As the API server wants them: each once, in order.
    values.sort_unstable();
    values.dedup();
    let on_exit_codes = PodFailurePolicyOnExitCodesRequirement {
        container_name: Some(workload.name.to_string()),
        operator: "In".into(),
        values,
    };
    let rule = PodFailurePolicyRule {
        action: "FailJob".into(),
        on_exit_codes: Some(on_exit_codes),
        ..PodFailurePolicyRule::default()
    };
    (!workload.final_codes.is_empty()).then(|| PodFailurePolicy { rules: vec![rule] })
}
