//! A dashboard of rows of panels, in Grafana's classic JSON.

use serde::Serialize;

use super::{
    choice::Choice,
    format::{Panel, Source},
};

/// The width of a dashboard, in Grafana's units.
const WIDTH: u32 = 24;

/// The last version of the classic model; newer Grafanas migrate it when they read it.
const SCHEMA: u32 = 42;

/// Marks the stack's dashboards, which link each other by it.
const TAG: &str = "mlstack";

/// A dashboard.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    uid: String,
    title: String,
    description: &'static str,
    tags: [&'static str; 1],
    schema_version: u32,
    editable: bool,
    graph_tooltip: u32,
    refresh: &'static str,
    time: Time,
    timezone: &'static str,
    templating: List<Choice>,
    annotations: List<Source>,
    links: [Link; 1],
    panels: Vec<Panel>,
    #[serde(skip)]
    height: u32,
}

#[derive(Serialize)]
struct Time {
    from: &'static str,
    to: &'static str,
}

#[derive(Serialize)]
struct List<T> {
    list: Vec<T>,
}

/// A link to the stack's other dashboards.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Link {
    title: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    tags: [&'static str; 1],
    as_dropdown: bool,
    include_vars: bool,
    keep_time: bool,
}

impl Board {
    /// Without panels yet. `jobs` is the query that lists what can be chosen.
    pub fn new(environment: &str, name: &str, title: &str, description: &'static str, jobs: String) -> Self {
        Self {
            // Grafana takes forty characters.
            uid: format!("{TAG}-{environment}-{name}").chars().take(40).collect(),
            title: format!("{TAG} {environment}: {title}"),
            description,
            tags: [TAG],
            schema_version: SCHEMA,
            editable: false,
            graph_tooltip: 1,
            refresh: "30s",
            time: Time { from: "now-6h", to: "now" },
            timezone: "browser",
            templating: List { list: vec![Choice::source(), Choice::jobs(jobs)] },
            annotations: List { list: Vec::new() },
            links: [Link {
                title: "",
                kind: "dashboards",
                tags: [TAG],
                as_dropdown: false,
                include_vars: true,
                keep_time: true,
            }],
            panels: Vec::new(),
            height: 0,
        }
    }

    /// A row of panels of the same width.
    pub fn row(mut self, height: u32, panels: impl IntoIterator<Item = Panel>) -> Self {
        let panels: Vec<Panel> = panels.into_iter().collect();
        let width = WIDTH / u32::try_from(panels.len()).unwrap_or(WIDTH).clamp(1, WIDTH);
        for (panel, place) in panels.into_iter().zip(0..) {
            let id = u32::try_from(self.panels.len()).unwrap_or(u32::MAX).saturating_add(1);
            self.panels.push(panel.at(id, (place * width, self.height), (width, height)));
        }
        self.height += height;
        self
    }

    /// As Grafana reads it.
    pub fn json(&self) -> String {
        // Text and numbers: nothing of it can fail.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}
