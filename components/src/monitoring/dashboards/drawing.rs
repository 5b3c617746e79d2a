//! How a panel is drawn, by Grafana's words.

use serde::Serialize;

#[derive(Serialize)]
pub struct Color {
    pub mode: &'static str,
}

#[derive(Serialize)]
pub struct Thresholds {
    pub mode: &'static str,
    pub steps: Vec<Step>,
}

#[derive(Serialize)]
pub struct Step {
    pub color: &'static str,
    pub value: Option<f64>,
}

/// How lines are drawn.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Custom {
    pub draw_style: &'static str,
    pub line_width: u32,
    pub fill_opacity: u32,
    pub show_points: &'static str,
    pub stacking: Color,
    pub thresholds_style: Color,
    pub scale_distribution: Scale,
}

#[derive(Serialize)]
pub struct Scale {
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<u32>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Options {
    #[serde(rename_all = "camelCase")]
    Lines { legend: Legend, tooltip: Tooltip },
    #[serde(rename_all = "camelCase")]
    Numbers { reduce_options: Reduce, color_mode: &'static str, graph_mode: &'static str, text_mode: &'static str },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Legend {
    #[serde(rename = "showLegend")]
    pub shown: bool,
    pub display_mode: &'static str,
    pub placement: &'static str,
    pub calcs: [&'static str; 0],
}

#[derive(Serialize)]
pub struct Tooltip {
    pub mode: &'static str,
    pub sort: &'static str,
}

#[derive(Serialize)]
pub struct Reduce {
    pub calcs: [&'static str; 1],
    pub fields: &'static str,
    pub values: bool,
}

impl Custom {
    /// Plain lines.
    pub fn line() -> Self {
        Self {
            draw_style: "line",
            line_width: 2,
            fill_opacity: 8,
            show_points: "never",
            stacking: Color { mode: "none" },
            thresholds_style: Color { mode: "off" },
            scale_distribution: Scale { kind: "linear", log: None },
        }
    }
}

impl Options {
    /// Lines with a legend below them.
    pub fn lines() -> Self {
        let legend = Legend { shown: true, display_mode: "list", placement: "bottom", calcs: [] };
        Self::Lines { legend, tooltip: Tooltip { mode: "multi", sort: "desc" } }
    }

    /// The last values; `text_mode` says whether with names, or names alone.
    pub fn numbers(text_mode: &'static str) -> Self {
        let reduce_options = Reduce { calcs: ["lastNotNull"], fields: "", values: false };
        Self::Numbers { reduce_options, color_mode: "value", graph_mode: "none", text_mode }
    }
}
