//! What there is to ask for: the program's metrics, as a test of `serving` holds them, and those of others.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use crate::repository;

/// Labels of one series.
pub type Labels = BTreeMap<String, String>;

/// Series by metric.
#[derive(Debug, Default)]
pub struct Exported(BTreeMap<String, Vec<Labels>>);

/// What Prometheus adds to every series that it scrapes.
pub const OF_TARGETS: [&str; 3] = ["instance", "job", "namespace"];

/// Metrics of other programs, the labels they have, and where they are documented.
pub const FOREIGN: &[(&str, &[&str])] = &[
    // Prometheus itself: https://prometheus.io/docs/concepts/jobs_instances, …/prometheus/latest/configuration/alerting_rules
    ("up", &["job", "namespace", "instance"]),
    ("ALERTS", &["alertname", "alertstate", "severity", "job", "namespace"]),
    // kube-state-metrics: https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics/workload
    ("kube_job_failed", &["namespace", "job_name", "condition"]),
    ("kube_job_status_start_time", &["namespace", "job_name"]),
    ("kube_job_owner", &["namespace", "job_name", "owner_kind", "owner_name", "owner_is_controller"]),
    ("kube_cronjob_status_last_successful_time", &["namespace", "cronjob"]),
    ("kube_horizontalpodautoscaler_status_current_replicas", &["namespace", "horizontalpodautoscaler"]),
    ("kube_horizontalpodautoscaler_status_desired_replicas", &["namespace", "horizontalpodautoscaler"]),
    ("kube_horizontalpodautoscaler_spec_max_replicas", &["namespace", "horizontalpodautoscaler"]),
    ("kube_horizontalpodautoscaler_spec_min_replicas", &["namespace", "horizontalpodautoscaler"]),
    // The kubelet: https://kubernetes.io/docs/reference/instrumentation/metrics
    ("kubelet_volume_stats_available_bytes", &["namespace", "persistentvolumeclaim"]),
    ("kubelet_volume_stats_capacity_bytes", &["namespace", "persistentvolumeclaim"]),
    // The stack's backups
    ("backup_last_success_timestamp_seconds", &["job", "namespace", "instance", "database"]),
    ("backup_size_bytes", &["job", "namespace", "instance", "database"]),
    ("backup_files", &["job", "namespace", "instance", "database"]),
    // CloudNativePG's plugin: https://cloudnative-pg.io/plugin-barman-cloud/docs/observability
    ("barman_cloud_cloudnative_pg_io_last_available_backup_timestamp", &["job", "namespace", "instance"]),
];

impl Exported {
    /// The program's own, of the text that `serving/tests/http.rs` compares with it.
    ///
    /// # Panics
    /// When the text is not there.
    pub fn by_the_program() -> Self {
        let file = repository().join("serving/tests/snapshots/http__metrics.snap");
        let text = fs::read_to_string(file).expect("the committed metrics");
        let mut exported = Self::default();
        for line in text.splitn(3, "---\n").nth(2).unwrap_or_default().lines() {
            if !line.starts_with('#') && !line.is_empty() {
                let (metric, labels) = series(line);
                exported.0.entry(metric).or_default().push(labels);
            }
        }
        exported
    }

    /// The series of a metric, if there is one.
    pub fn series(&self, metric: &str) -> Option<&[Labels]> {
        self.0.get(metric).map(Vec::as_slice)
    }

    /// The names of the labels that a metric has.
    pub fn labels(&self, metric: &str) -> BTreeSet<&str> {
        self.series(metric).unwrap_or_default().iter().flat_map(|labels| labels.keys().map(String::as_str)).collect()
    }
}

/// `name{label="value",…}`; no value of the program's holds a comma or a quote.
fn series(line: &str) -> (String, Labels) {
    let (metric, labels) = line.split_once('{').unwrap_or((line, ""));
    let pairs = labels.trim_end_matches('}').split(',').filter_map(|pair| pair.split_once('='));
    let labels = pairs.map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned())).collect();
    (metric.to_owned(), labels)
}
