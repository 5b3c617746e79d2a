//! Jobs, named by what they do.

use k8s_openapi::api::batch::v1::{Job, JobSpec};
use serde_json::Value;

use super::{Plan, hash::hash, int, meta::meta, names, pod, value};
use crate::workload::Workload;

pub(super) fn job(plan: &Plan<'_>, workload: &Workload) -> Value {
    let (component, namespace) = names(workload);
    let spec = JobSpec {
        active_deadline_seconds: Some(i64::from(workload.budget())),
        backoff_limit: Some(int(workload.retries)),
        template: pod::template(plan, workload),
        ..JobSpec::default()
    };
    // Kubernetes' own types have their fields in a fixed order, so the same specification is the same text.
    let text = serde_json::to_string(&spec).unwrap_or_else(|error| unreachable!("a JobSpec is JSON: {error}"));
    let name = component.with_hash(hash(&text));
    let metadata = meta(plan, &name, &namespace, &component);
    value(&Job { metadata, spec: Some(spec), ..Job::default() })
}
