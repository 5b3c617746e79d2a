//! A look into models: what is asked, what is answered, how fast, by which version, and whether it still fits.

use super::{
    Board, Selectors, any,
    overview::registry,
    panel::{Panel, Unit},
    upkeep::{drift, prediction_log, process, reports},
};
use crate::monitoring::Watched;

pub fn board(watched: &Watched) -> Board {
    let of = Selectors::new(watched);
    let description = "A look into the models that are chosen on top, made by mlstack.";
    let mut board = Board::new(&watched.environment, "models", "models", description, of.jobs());
    board =
        board.row(8, requests(&of)).row(8, latency(&of)).row(8, versions(&of)).row(9, drift(&of)).row(4, reports(&of));
    if any(watched, |api| api.prediction_log) {
        board = board.row(7, prediction_log(&of));
    }
    board.row(7, process(&of, watched))
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

fn versions(of: &Selectors) -> [Panel; 3] {
    let apis = &of.apis;
    [
        Panel::lines("Pods by version", "Pods that serve each version.", Unit::Count)
            .ask(format!("sum by (model, version) (model_info{{{apis}}})"), "{{model}} {{version}}")
            .stacked()
            .zero_based(),
        Panel::lines(
            "Loads and polls",
            "Versions loaded and refused, and polls that failed, by all pods.",
            Unit::Count,
        )
        .ask(format!("sum by (job) (increase(model_loads_total{{{apis}}}[$__rate_interval]))"), "{{job}} loaded")
        .ask(format!("sum by (job) (increase(model_load_errors_total{{{apis}}}[$__rate_interval]))"), "{{job}} refused")
        .ask(
            format!("sum by (job) (increase(registry_poll_errors_total{{{apis}}}[$__rate_interval]))"),
            "{{job}} failed polls",
        )
        .zero_based(),
        registry(of),
    ]
}
