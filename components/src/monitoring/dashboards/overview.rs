//! Where it hurts: everything of the stack on one page.

use super::{
    Board, Selectors,
    panel::{Panel, Unit},
};
use crate::monitoring::{BackupMetrics, Watched, WatchedBackups};

pub fn board(watched: &Watched) -> Board {
    let of = Selectors::new(watched);
    let description = "Everything of the stack, made by mlstack; the alerts beside it link what to do.";
    let mut board = Board::new(&watched.environment, "overview", "overview", description, of.jobs());
    board = board.row(4, state(&of)).row(8, answers(&of)).row(8, [burn(watched), drift(&of), registry(&of)]);
    if let Some(backups) = &watched.backups {
        board = board.row(7, self::backups(backups));
    }
    if watched.cluster { board.row(7, cluster(&of)) } else { board }
}

fn state(Selectors { namespaces, apis, .. }: &Selectors) -> [Panel; 3] {
    [
        Panel::numbers("Firing alerts", "Each has a page that says what to do.", Unit::Count)
            .ask(format!(r#"sum by (alertname) (ALERTS{{{namespaces}, alertstate="firing"}})"#), "{{alertname}}")
            .serious_from(1.0)
            .or_else("none"),
        Panel::numbers("Pods", "Pods of each API that Prometheus reaches.", Unit::Count)
            .ask(format!("sum by (job) (up{{{apis}}})"), "{{job}}")
            .serious_below(1.0),
        Panel::names("Served versions", "The version of each model that is served; two of one model during a change.")
            .ask(format!("max by (model, version) (model_info{{{apis}}})"), "{{model}} {{version}}")
            .or_else("no model is loaded"),
    ]
}

fn answers(of: &Selectors) -> [Panel; 3] {
    let Selectors { apis, predictions, .. } = of;
    [
        Panel::lines("Requests", "Predictions that were asked for, errors among them.", Unit::Requests)
            .ask(format!("sum by (job) (rate(http_requests_total{{{predictions}}}[$__rate_interval]))"), "{{job}}")
            .zero_based(),
        Panel::lines("Errors", "The share of predictions that the server failed to answer.", Unit::Share)
            .ask(format!("job:prediction_errors:ratio_rate5m{{{apis}}}"), "{{job}}")
            .zero_based(),
        Panel::lines("Latency, 99 of 100", "The time within which 99 of 100 predictions are answered.", Unit::Seconds)
            .ask(of.quantile("0.99"), "{{job}}")
            .zero_based(),
    ]
}

/// The objectives differ, so each API is asked for by itself.
fn burn(watched: &Watched) -> Panel {
    let description =
        "How fast the last hour used up what the objectives leave room for: at 1 it lasts 30 days, at 14.4 two.";
    let panel = Panel::lines("Burn of the error budgets", description, Unit::Plain).zero_based().serious_from(14.4);
    watched.apis.iter().fold(panel, |panel, api| {
        let of = format!(r#"job=~"$job", job="{}", namespace="{}""#, api.workload, api.namespace);
        let (errors, slow) = (api.objective.availability.budget(), api.objective.latency_ratio.budget());
        panel
            .ask(format!("job:prediction_errors:ratio_rate1h{{{of}}} / {errors}"), "{{job}} errors")
            .ask(format!("job:slow_predictions:ratio_rate1h{{{of}}} / {slow}"), "{{job}} latency")
    })
}

fn drift(Selectors { apis, .. }: &Selectors) -> Panel {
    let description = "Features that drift, by the last report of each model; nothing where there is no report.";
    Panel::lines("Drifting features", description, Unit::Count)
        .ask(format!("sum by (job) (max by (job, feature) (model_drift_detected{{{apis}}}))"), "{{job}}")
        .zero_based()
        .serious_from(1.0)
}

fn registry(Selectors { apis, .. }: &Selectors) -> Panel {
    let description =
        "Since the registry last answered; seconds where all is well. Meanwhile what is loaded is served on.";
    Panel::lines("Registry's last answer", description, Unit::Seconds)
        .ask(format!("time() - max by (job) (registry_last_poll_timestamp_seconds{{{apis}}} > 0)"), "{{job}}")
        .zero_based()
        .serious_from(120.0)
}

fn backups(backups: &WatchedBackups) -> Vec<Panel> {
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

fn cluster(Selectors { namespaces: of, .. }: &Selectors) -> [Panel; 3] {
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
