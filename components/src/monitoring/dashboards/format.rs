//! Panels as Grafana's classic JSON has them; what is said of them is in `panel.rs`.
//!
//! By <https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/>.

use serde::Serialize;

use super::drawing::{Color, Custom, Options, Thresholds};

/// The data source that is chosen on top.
#[derive(Serialize)]
pub struct Source {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub uid: &'static str,
}

impl Default for Source {
    fn default() -> Self {
        Self { kind: "prometheus", uid: "${datasource}" }
    }
}

/// What is measured, by Grafana's names.
#[derive(Clone, Copy, Serialize)]
pub enum Unit {
    /// A number of things.
    #[serde(rename = "short")]
    Count,
    /// A share of 1, shown in percent.
    #[serde(rename = "percentunit")]
    Share,
    /// Requests a second.
    #[serde(rename = "reqps")]
    Requests,
    /// Rows a second.
    #[serde(rename = "wps")]
    Rows,
    /// A time.
    #[serde(rename = "s")]
    Seconds,
    /// Bytes, in powers of 1024.
    #[serde(rename = "bytes")]
    Bytes,
    /// A number without a unit.
    #[serde(rename = "none")]
    Plain,
}

/// A panel.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Panel {
    pub id: u32,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub grid_pos: Place,
    pub datasource: Source,
    pub targets: Vec<Query>,
    pub field_config: Fields,
    pub options: Options,
}

#[derive(Serialize, Default)]
pub struct Place {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Query {
    pub ref_id: String,
    pub datasource: Source,
    pub expr: String,
    pub legend_format: &'static str,
    pub instant: bool,
    pub range: bool,
}

#[derive(Serialize)]
pub struct Fields {
    pub defaults: Defaults,
    pub overrides: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Defaults {
    pub unit: Unit,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_value: Option<&'static str>,
    pub color: Color,
    pub thresholds: Thresholds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<Custom>,
}
