//! What is chosen on top of a dashboard.

use serde::Serialize;

use super::format::Source;

/// What is chosen on top of the dashboard.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    name: &'static str,
    label: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    query: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    datasource: Option<Source>,
    multi: bool,
    include_all: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    all_value: Option<&'static str>,
    current: Current,
    refresh: u32,
    sort: u32,
}

#[derive(Serialize)]
struct Current {
    text: &'static str,
    value: &'static str,
}

impl Choice {
    /// Which Prometheus is asked.
    pub fn source() -> Self {
        Self {
            name: "datasource",
            label: "Data source",
            kind: "datasource",
            query: "prometheus".to_owned(),
            datasource: None,
            multi: false,
            include_all: false,
            all_value: None,
            current: Current { text: "default", value: "default" },
            refresh: 1,
            sort: 0,
        }
    }

    /// Which APIs are shown; `query` lists them.
    pub fn jobs(query: String) -> Self {
        Self {
            name: "job",
            label: "Job",
            kind: "query",
            datasource: Some(Source::default()),
            query,
            multi: true,
            include_all: true,
            all_value: Some(".+"),
            current: Current { text: "All", value: "$__all" },
            // Asked again when the time range changes.
            refresh: 2,
            sort: 1,
        }
    }
}
