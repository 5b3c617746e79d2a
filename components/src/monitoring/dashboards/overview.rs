//! Where it hurts: everything of the stack on one page.

use super::{
    Board, Selectors, around,
    panel::{Panel, Unit},
};
use crate::monitoring::Watched;

pub fn board(watched: &Watched) -> Board {
    let of = Selectors::new(watched);
    let description = "Everything of the stack, made by mlstack; the alerts beside it link what to do.";
    let mut board = Board::new(&watched.environment, "overview", "overview", description, of.jobs());
    board = board.row(4, state(&of)).row(8, answers(&of)).row(8, [burn(watched), drift(&of), registry(&of)]);
    if let Some(backups) = &watched.backups {
        board = board.row(7, around::backups(backups));
    }
    if watched.cluster { board.row(7, around::cluster(&of)) } else { board }
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

/// Since when the registry is away.
pub fn registry(Selectors { apis, .. }: &Selectors) -> Panel {
    let description =
        "Since the registry last answered; seconds where all is well. Meanwhile what is loaded is served on.";
    Panel::lines("Registry's last answer", description, Unit::Seconds)
        .ask(format!("time() - max by (job) (registry_last_poll_timestamp_seconds{{{apis}}} > 0)"), "{{job}}")
        .zero_based()
        .serious_from(120.0)
}
