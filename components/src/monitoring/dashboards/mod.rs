//! Dashboards of Grafana, made from what is watched: one to see where it hurts, one to look into a model.
//!
//! They are Grafana's classic model, which every Grafana from 8 to 13 imports from a file. Whoever has several clusters chooses the
//! data source on top.

mod around;
mod board;
mod choice;
mod drawing;
mod format;
mod model;
mod overview;
mod panel;
mod upkeep;

use builders::{Name, name};

use super::{Watched, WatchedApi};
use crate::serving;
use board::Board;

/// A dashboard as Grafana imports it.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// Its name among the stack's dashboards.
    pub name: Name,
    /// Its JSON.
    pub json: String,
}

/// All dashboards for what is watched.
pub fn dashboards(watched: &Watched) -> Vec<Dashboard> {
    let all = [(name!("overview"), overview::board(watched)), (name!("models"), model::board(watched))];
    all.map(|(name, board)| Dashboard { name, json: board.json() }).into()
}

/// What the panels of both ask for.
struct Selectors {
    /// The namespaces of the stack.
    namespaces: String,
    /// The APIs that were chosen on top.
    apis: String,
    /// Their answers to predictions.
    predictions: String,
}

impl Selectors {
    fn new(watched: &Watched) -> Self {
        let names: Vec<&str> = watched.namespaces().into_iter().map(Name::as_str).collect();
        let namespaces = format!(r#"namespace=~"{}""#, names.join("|"));
        let apis = format!(r#"job=~"$job", {namespaces}"#);
        let predictions = format!(r#"{apis}, path=~"{}""#, serving::PREDICTIONS);
        Self { namespaces, apis, predictions }
    }

    /// What lists the APIs, for the choice on top.
    fn jobs(&self) -> String {
        format!("label_values(serving_build_info{{{}}}, job)", self.namespaces)
    }

    /// A quantile of the time that predictions take, by API.
    fn quantile(&self, share: &str) -> String {
        let bucket = format!("http_request_duration_seconds_bucket{{{}}}", self.predictions);
        format!("histogram_quantile({share}, sum by (job, le) (rate({bucket}[$__rate_interval])))")
    }
}

/// Whether any API of the stack has it.
fn any(watched: &Watched, has: fn(&WatchedApi) -> bool) -> bool {
    watched.apis.iter().any(has)
}
