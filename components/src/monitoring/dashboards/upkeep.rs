//! What a model needs beside requests: whether it still fits, its log, its pods.

use super::{
    Selectors,
    panel::{Panel, Unit},
};
use crate::monitoring::Watched;

pub fn drift(Selectors { apis, .. }: &Selectors) -> [Panel; 3] {
    let score =
        |statistic: &str| format!(r#"max by (job, feature) (model_drift_score{{{apis}, statistic="{statistic}"}})"#);
    [
        Panel::lines("Drift: PSI", "How far each feature is from the training's, by the last report. It drifts when this is large and the p-value small.", Unit::Plain)
            .ask(score("psi"), "{{job}} {{feature}}")
            .zero_based()
            .serious_from(0.2),
        Panel::lines("Drift: corrected p-value", "How likely such a difference is by chance, over all features.", Unit::Plain)
            .ask(score("corrected_p_value"), "{{job}} {{feature}}")
            .zero_based(),
        Panel::numbers("Last drift report", "Its age, and the rows it looked at.", Unit::Count)
            .ask(format!("max by (job) (model_drift_report_rows{{{apis}}})"), "{{job}} rows")
            .ask(
                format!("(time() - max by (job) (model_drift_report_timestamp_seconds{{{apis}}})) / 3600"),
                "{{job}} hours old",
            )
            .or_else("no report"),
    ]
}

pub fn prediction_log(Selectors { apis, .. }: &Selectors) -> [Panel; 2] {
    [
        Panel::lines("Prediction log", "Rows written, and rows lost for good.", Unit::Rows)
            .ask(
                format!("sum by (job, state) (rate(prediction_log_rows_total{{{apis}}}[$__rate_interval]))"),
                "{{job}} {{state}}",
            )
            .zero_based(),
        Panel::lines("Prediction log: waiting on disk", "Rows that wait for a database that is away.", Unit::Count)
            .ask(format!("sum by (job) (prediction_log_spooled_rows{{{apis}}})"), "{{job}}")
            .zero_based(),
    ]
}

pub fn process(Selectors { apis, .. }: &Selectors) -> [Panel; 3] {
    [
        Panel::lines("CPU", "CPUs that each pod uses.", Unit::Plain)
            .ask(format!("rate(process_cpu_seconds_total{{{apis}}}[$__rate_interval])"), "{{instance}}")
            .zero_based(),
        Panel::lines("Memory", "Resident memory of each pod.", Unit::Bytes)
            .ask(format!("process_resident_memory_bytes{{{apis}}}"), "{{instance}}")
            .zero_based(),
        Panel::lines("Open files", "Sockets among them, of each pod.", Unit::Count)
            .ask(format!("process_open_fds{{{apis}}}"), "{{instance}}")
            .zero_based(),
    ]
}

/// KEDA puts a word before the workload's name.
pub fn autoscaler(watched: &Watched) -> Panel {
    let Selectors { namespaces, .. } = Selectors::new(watched);
    let of = format!(r#"{namespaces}, horizontalpodautoscaler=~"(keda-hpa-)?($job)""#);
    let pods =
        |metric: &str| format!("max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_{metric}{{{of}}})");
    Panel::lines("Pods and their most", "Pods that the autoscaler wants, has, and may have.", Unit::Count)
        .ask(pods("status_desired_replicas"), "{{horizontalpodautoscaler}} wanted")
        .ask(pods("status_current_replicas"), "{{horizontalpodautoscaler}} there")
        .ask(pods("spec_max_replicas"), "{{horizontalpodautoscaler}} at most")
        .zero_based()
}
