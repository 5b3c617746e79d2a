//! A look into models: what is asked, what is answered, how fast, by which version, and whether it still fits.

use super::{
    Board, Selectors, any,
    panel::{Panel, Unit},
};
use crate::monitoring::Watched;

pub fn board(watched: &Watched) -> Board {
    let of = Selectors::new(watched);
    let description = "A look into the models that are chosen on top, made by mlstack.";
    let mut board = Board::new(&watched.environment, "models", "models", description, of.jobs());
    board = board.row(8, requests(&of)).row(8, latency(&of)).row(8, versions(&of)).row(8, drift(&of));
    if any(watched, |api| api.prediction_log) {
        board = board.row(7, prediction_log(&of));
    }
    board = board.row(7, process(&of));
    if watched.cluster { board.row(7, [autoscaler(watched)]) } else { board }
}

fn requests(Selectors { apis, predictions, .. }: &Selectors) -> [Panel; 3] {
    [
        Panel::lines("Requests by answer", "Predictions by the status of their answer.", Unit::Requests)
            .ask(
                format!("sum by (job, status) (rate(http_requests_total{{{predictions}}}[$__rate_interval]))"),
                "{{job}} {{status}}",
            )
            .stacked()
            .zero_based(),
        Panel::lines("Predictions by class", "Rows by the class that was likeliest.", Unit::Rows)
            .ask(
                format!("sum by (model, class) (rate(model_predictions_total{{{apis}}}[$__rate_interval]))"),
                "{{model}} {{class}}",
            )
            .stacked()
            .zero_based(),
        Panel::lines(
            "In flight and refused",
            "Requests being answered, and those a second refused as too many.",
            Unit::Count,
        )
        .ask(format!("sum by (job) (http_requests_in_flight{{{apis}}})"), "{{job}} in flight")
        .ask(format!("sum by (job) (rate(http_requests_shed_total{{{apis}}}[$__rate_interval]))"), "{{job}} refused/s")
        .zero_based(),
    ]
}

fn latency(of: &Selectors) -> [Panel; 2] {
    let apis = &of.apis;
    [
        Panel::lines("Latency of predictions", "Interpolated between the bounds of the histogram.", Unit::Seconds)
            .ask(of.quantile("0.5"), "{{job}} 50 %")
            .ask(of.quantile("0.95"), "{{job}} 95 %")
            .ask(of.quantile("0.99"), "{{job}} 99 %")
            .logarithmic(),
        Panel::lines(
            "Failed and slow predictions",
            "Shares of five minutes; slow is what the objective says.",
            Unit::Share,
        )
        .ask(format!("job:prediction_errors:ratio_rate5m{{{apis}}}"), "{{job}} failed")
        .ask(format!("job:slow_predictions:ratio_rate5m{{{apis}}}"), "{{job}} slow")
        .zero_based(),
    ]
}

fn versions(Selectors { apis, .. }: &Selectors) -> [Panel; 3] {
    [
        Panel::lines("Pods by version", "Pods that serve each version.", Unit::Count)
            .ask(format!("sum by (model, version) (model_info{{{apis}}})"), "{{model}} {{version}}")
            .stacked()
            .zero_based(),
        Panel::lines("Loads", "Versions loaded and refused, by all pods.", Unit::Count)
            .ask(format!("sum by (job) (increase(model_loads_total{{{apis}}}[$__rate_interval]))"), "{{job}} loaded")
            .ask(
                format!("sum by (job) (increase(model_load_errors_total{{{apis}}}[$__rate_interval]))"),
                "{{job}} refused",
            )
            .zero_based(),
        Panel::lines("Registry", "Polls that failed, and the time since the last good one.", Unit::Seconds)
            .ask(
                format!("time() - max by (job) (registry_last_poll_timestamp_seconds{{{apis}}} > 0)"),
                "{{job}} last answer",
            )
            .ask(
                format!("sum by (job) (increase(registry_poll_errors_total{{{apis}}}[$__rate_interval]))"),
                "{{job}} failed polls",
            )
            .zero_based(),
    ]
}

fn drift(Selectors { apis, .. }: &Selectors) -> [Panel; 3] {
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

fn prediction_log(Selectors { apis, .. }: &Selectors) -> [Panel; 2] {
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

fn process(Selectors { apis, .. }: &Selectors) -> [Panel; 3] {
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
fn autoscaler(watched: &Watched) -> Panel {
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
