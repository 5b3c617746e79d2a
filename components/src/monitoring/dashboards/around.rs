//! What is around the models: backups, and what only the cluster knows.

use super::{
    Selectors,
    panel::{Panel, Unit},
};
use crate::monitoring::{BackupMetrics, WatchedBackups};

pub fn backups(backups: &WatchedBackups) -> Vec<Panel> {
    let (last, most) = (backups.last_success(), backups.max_age.as_secs_f64());
    let legend = match backups.metrics {
        BackupMetrics::Dump => "{{database}}",
        BackupMetrics::BarmanCloud => "{{job}}",
    };
    let by = backups.by();
    let age = Panel::lines("Age of the last good backup", "An alert is raised above the line.", Unit::Seconds)
        .ask(format!("time() - max by ({by}) ({last})"), legend)
        .zero_based()
        .serious_from(most);
    let mut panels = vec![age];
    if backups.metrics == BackupMetrics::Dump {
        let of = backups.series();
        let size = Panel::lines("Size of the last backup", "A sudden fall is worth a look.", Unit::Bytes)
            .ask(format!("max by ({by}) (backup_size_bytes{{{of}}})"), legend);
        let files = Panel::lines("Kept backups", "Dumps that are there, after rotation.", Unit::Count)
            .ask(format!("max by ({by}) (backup_files{{{of}}})"), legend);
        panels.extend([size.zero_based(), files.zero_based()]);
    }
    panels
}

pub fn cluster(Selectors { namespaces: of, .. }: &Selectors) -> [Panel; 3] {
    let scaled =
        |metric: &str| format!("max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_{metric}{{{of}}})");
    let claim = |metric: &str| format!("max by (persistentvolumeclaim) (kubelet_volume_stats_{metric}_bytes{{{of}}})");
    [
        Panel::lines("Autoscalers", "Pods of the most that each may have.", Unit::Share)
            .ask(
                format!("{} / {}", scaled("status_current_replicas"), scaled("spec_max_replicas")),
                "{{horizontalpodautoscaler}}",
            )
            .zero_based()
            .serious_from(1.0),
        Panel::lines("Claims", "How full volumes are.", Unit::Share)
            .ask(format!("1 - {} / {}", claim("available"), claim("capacity")), "{{persistentvolumeclaim}}")
            .zero_based()
            .serious_from(0.85),
        Panel::numbers("Failed Jobs", "Jobs that failed for good and are still there.", Unit::Count)
            .ask(format!(r#"max by (job_name) (kube_job_failed{{{of}, condition="true"}}) == 1"#), "{{job_name}}")
            .serious_from(1.0)
            .or_else("none"),
    ]
}
