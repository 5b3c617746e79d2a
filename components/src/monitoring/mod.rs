//! What watches the stack: rules that alert, dashboards that show, and who follows and shows them.
//!
//! Rules and dashboards are functions of [`Watched`], so that an alert exists where the thing it is about exists, and nowhere
//! else. They are the same for the cluster's own Prometheus and for one of the stack.

pub mod dashboards;
mod grafana;
mod objective;
mod operator;
mod prometheus;
mod retention;
pub mod rules;
mod values;
mod watched;

use builders::{App, Config, Url, name};
pub use dashboards::{Dashboard, dashboards};
pub use grafana::Values as GrafanaValues;
pub use objective::{Objective, Share, Within};
pub use retention::Retention;
pub use rules::{Group, Rule, rules};
pub use values::{Server, Values};
pub use watched::{BackupMetrics, Watched, WatchedApi, WatchedBackups, WatchedDrift};

/// Declares who follows the rules and shows the dashboards. It comes last: everything that exports metrics is there by then.
///
/// `runbooks` is the address under which the pages of alerts lie.
pub fn monitoring(app: &mut App, values: &Values, watched: &Watched, runbooks: &Url) {
    let groups = rules(watched, runbooks);
    let dashboards: Vec<Config> = dashboards(watched).into_iter().map(|it| file(app, it)).collect();
    match values {
        Values::Operator(_) => operator::told(app, &groups, &dashboards),
        Values::Server(server) => {
            let prometheus = prometheus::prometheus(app, server, &groups);
            grafana::grafana(app, &server.grafana, &prometheus, &dashboards);
        }
    }
}

/// A dashboard in a `ConfigMap` of its own, since one holds 1 MiB. The Grafana of a cluster keeps those of all stacks in one
/// folder, so the file has the namespace in its name.
fn file(app: &mut App, dashboard: Dashboard) -> Config {
    let file = app.own_namespace().with(&dashboard.name).to_file("json");
    app.config(name!("dashboard").with(&dashboard.name), [(file, dashboard.json)])
}
