//! What only the cluster knows, by kube-state-metrics and the kubelets: claims, autoscalers, Jobs. The namespaces are the stack's
//! alone, so whatever is in them is its own.

use std::time::Duration;

use builders::{Name, name};

use super::{Group, Rule, Severity};
use crate::monitoring::Watched;

/// What is watched in one namespace.
pub fn group(namespace: &Name, watched: &Watched) -> Group {
    let of = format!(r#"namespace="{namespace}""#);
    let drift = watched.apis.iter().filter(|api| api.namespace == *namespace).filter_map(|api| api.drift.as_ref());
    let drift: Vec<_> = drift.map(|drift| drift.workload.as_str()).collect();
    let rules = [claim_full(&of), claim_fills(&of), autoscaler(&of), job(&of, &drift)];
    let rules = rules.map(|rule| rule.with("namespace", namespace.as_str())).into();
    Group {
        name: format!("{namespace}/cluster"),
        namespace: namespace.clone(),
        watches: namespace.with(&name!("cluster")),
        rules,
    }
}

/// Shares and times are kube-prometheus's (`KubePersistentVolumeFillingUp`).
fn claim_full(of: &str) -> Rule {
    Rule::alert("ClaimNearlyFull", Severity::Critical, format!("{} < 0.03", free(of)))
        .lasting(Duration::from_mins(1))
        .says(
            "{{ $labels.persistentvolumeclaim }} is full but for {{ $value | humanizePercentage }}",
            "What writes to {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} is about to fail.",
        )
}

fn claim_fills(of: &str) -> Rule {
    let volume = "by (namespace, persistentvolumeclaim)";
    let expr = format!(
        "{} < 0.15\n  \
         and max {volume} (predict_linear(kubelet_volume_stats_available_bytes{{{of}}}[6h], 4 * 24 * 3600)) < 0",
        free(of)
    );
    Rule::alert("ClaimNearlyFull", Severity::Warning, expr).lasting(Duration::from_hours(1)).says(
        "{{ $labels.persistentvolumeclaim }} will be full within four days",
        "{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} is free, and \
         at the pace of the last six hours it will be full within four days.",
    )
}

fn free(of: &str) -> String {
    let volume = "by (namespace, persistentvolumeclaim)";
    format!(
        "max {volume} (kubelet_volume_stats_available_bytes{{{of}}})\n  \
         / max {volume} (kubelet_volume_stats_capacity_bytes{{{of}}})"
    )
}

fn autoscaler(of: &str) -> Rule {
    let most = |metric: &str| {
        format!("max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_{metric}{{{of}}})")
    };
    let (now, max, min) = (most("status_current_replicas"), most("spec_max_replicas"), most("spec_min_replicas"));
    let expr = format!("{now}\n  == {max}\n  and {max}\n  > {min}");
    Rule::alert("AutoscalerAtMaximum", Severity::Warning, expr).lasting(Duration::from_mins(15)).says(
        "{{ $labels.horizontalpodautoscaler }} is at its maximum",
        "{{ $labels.horizontalpodautoscaler }} in {{ $labels.namespace }} has had all its {{ $value }} pods for a quarter of an \
         hour and cannot follow a rising load.",
    )
}

/// A failed Job of a `CronJob` is history as soon as a later run is good. Those that look for drift fail when they find some, which is
/// `ModelDrift`, and when they fail otherwise, their report becomes old.
fn job(of: &str, drift: &[&str]) -> Rule {
    let owned = format!(
        "label_replace(\n    \
         max by (namespace, job_name) (kube_job_status_start_time{{{of}}})\n    \
         * on (namespace, job_name) group_left (owner_name)\n    \
         max by (namespace, job_name, owner_name) (kube_job_owner{{{of}, owner_kind=\"CronJob\"}}),\n    \
         \"cronjob\", \"$1\", \"owner_name\", \"(.+)\"\n  )"
    );
    let drifts = match drift {
        [] => String::new(),
        names => {
            format!("\n  unless on (namespace, job_name) kube_job_owner{{{of}, owner_name=~\"{}\"}}", names.join("|"))
        }
    };
    let expr = format!(
        "max by (namespace, job_name) (kube_job_failed{{{of}, condition=\"true\"}}) == 1\n  \
         unless on (namespace, job_name) (\n  \
         {owned}\n  \
         < on (namespace, cronjob) group_left ()\n  \
         max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{{{of}}})\n  ){drifts}"
    );
    Rule::alert("JobFailed", Severity::Warning, expr).says(
        "the Job {{ $labels.job_name }} failed",
        "{{ $labels.job_name }} in {{ $labels.namespace }} failed for good: nobody tries it again before its next time, if it has one.",
    )
}
