//! What a model needs beside requests: whether it still fits, its log, its pods.

use super::{
    Selectors,
    panel::{Panel, Unit},
};
use crate::monitoring::Watched;

pub fn drift(Selectors { apis, .. }: &Selectors) -> [Panel; 2] {
    let score =
        |statistic: &str| format!(r#"max by (job, feature) (model_drift_score{{{apis}, statistic="{statistic}"}})"#);
    [
        Panel::lines(
            "Drift: PSI",
            "How far features are from the training's; one drifts when this is large and its p-value small.",
            Unit::Plain,
        )
        .ask(score("psi"), "{{job}} {{feature}}")
        .zero_based()
        .serious_from(0.2),
        Panel::lines(
            "Drift: corrected p-value",
            "How likely such a difference is by chance, over all features.",
            Unit::Plain,
        )
        .ask(score("corrected_p_value"), "{{job}} {{feature}}")
        .zero_based(),
    ]
}

pub fn reports(Selectors { apis, .. }: &Selectors) -> [Panel; 2] {
    [
        Panel::numbers(
            "Age of the last drift report",
            "A report is of one version: a new one has none at first.",
            Unit::Seconds,
        )
        .ask(format!("time() - max by (job) (model_drift_report_timestamp_seconds{{{apis}}})"), "{{job}}")
        .or_else("no report"),
        Panel::numbers("Rows of the last drift report", "Too few, and it says that it cannot tell.", Unit::Count)
            .ask(format!("max by (job) (model_drift_report_rows{{{apis}}})"), "{{job}}")
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

pub fn process(of: &Selectors, watched: &Watched) -> Vec<Panel> {
    let apis = &of.apis;
    let mut panels = vec![
        Panel::lines("CPU", "CPUs that each pod uses.", Unit::Plain)
            .ask(format!("rate(process_cpu_seconds_total{{{apis}}}[$__rate_interval])"), "{{instance}}")
            .zero_based(),
        Panel::lines("Memory", "Resident memory of each pod.", Unit::Bytes)
            .ask(format!("process_resident_memory_bytes{{{apis}}}"), "{{instance}}")
            .zero_based(),
        Panel::lines("Open files", "Sockets among them, of each pod.", Unit::Count)
            .ask(format!("process_open_fds{{{apis}}}"), "{{instance}}")
            .zero_based(),
    ];
    panels.extend(watched.cluster.then(|| autoscaler(of)));
    panels
}

/// KEDA puts a word before the workload's name.
fn autoscaler(Selectors { namespaces, .. }: &Selectors) -> Panel {
    let of = format!(r#"{namespaces}, horizontalpodautoscaler=~"(keda-hpa-)?($job)""#);
    let pods =
        |metric: &str| format!("max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_{metric}{{{of}}})");
    Panel::lines("Pods and their most", "Pods that the autoscaler wants, has, and may have.", Unit::Count)
        .ask(pods("status_desired_replicas"), "{{horizontalpodautoscaler}} wanted")
        .ask(pods("status_current_replicas"), "{{horizontalpodautoscaler}} there")
        .ask(pods("spec_max_replicas"), "{{horizontalpodautoscaler}} at most")
        .zero_based()
}
