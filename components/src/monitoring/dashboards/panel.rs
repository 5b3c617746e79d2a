//! A panel: what it asks, in which unit, and how it is drawn.

use serde::Serialize;

/// The data source that is chosen on top.
#[derive(Serialize)]
pub struct Source {
    #[serde(rename = "type")]
    kind: &'static str,
    uid: &'static str,
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
    id: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    description: &'static str,
    grid_pos: Place,
    datasource: Source,
    targets: Vec<Query>,
    field_config: Fields,
    options: Options,
}

#[derive(Serialize, Default)]
struct Place {
    x: u32,
    y: u32,
    w: u32,
    h: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    ref_id: String,
    datasource: Source,
    expr: String,
    legend_format: &'static str,
    instant: bool,
    range: bool,
}

#[derive(Serialize)]
struct Fields {
    defaults: Defaults,
    overrides: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Defaults {
    unit: Unit,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_value: Option<&'static str>,
    color: Color,
    thresholds: Thresholds,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom: Option<Custom>,
}

#[derive(Serialize)]
struct Color {
    mode: &'static str,
}

#[derive(Serialize)]
struct Thresholds {
    mode: &'static str,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    color: &'static str,
    value: Option<f64>,
}

/// How lines are drawn.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Custom {
    draw_style: &'static str,
    line_width: u32,
    fill_opacity: u32,
    show_points: &'static str,
    stacking: Color,
    thresholds_style: Color,
    scale_distribution: Scale,
}

#[derive(Serialize)]
struct Scale {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<u32>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Options {
    #[serde(rename_all = "camelCase")]
    Lines { legend: Legend, tooltip: Tooltip },
    #[serde(rename_all = "camelCase")]
    Numbers { reduce_options: Reduce, color_mode: &'static str, graph_mode: &'static str, text_mode: &'static str },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Legend {
    #[serde(rename = "showLegend")]
    shown: bool,
    display_mode: &'static str,
    placement: &'static str,
    calcs: [&'static str; 0],
}

#[derive(Serialize)]
struct Tooltip {
    mode: &'static str,
    sort: &'static str,
}

#[derive(Serialize)]
struct Reduce {
    calcs: [&'static str; 1],
    fields: &'static str,
    values: bool,
}

impl Panel {
    /// Lines over time.
    pub fn lines(title: &'static str, description: &'static str, unit: Unit) -> Self {
        let custom = Custom {
            draw_style: "line",
            line_width: 2,
            fill_opacity: 8,
            show_points: "never",
            stacking: Color { mode: "none" },
            thresholds_style: Color { mode: "off" },
            scale_distribution: Scale { kind: "linear", log: None },
        };
        let options = Options::Lines {
            legend: Legend { shown: true, display_mode: "list", placement: "bottom", calcs: [] },
            tooltip: Tooltip { mode: "multi", sort: "desc" },
        };
        Self::new(title, description, ("timeseries", unit, "palette-classic"), Some(custom), options)
    }

    /// The last values, as numbers; of several series each with its name.
    pub fn numbers(title: &'static str, description: &'static str, unit: Unit) -> Self {
        let options = Options::Numbers {
            reduce_options: Reduce { calcs: ["lastNotNull"], fields: "", values: false },
            color_mode: "value",
            graph_mode: "none",
            text_mode: "value_and_name",
        };
        Self::new(title, description, ("stat", unit, "thresholds"), None, options)
    }

    /// The last names of series, whatever their values.
    pub fn names(title: &'static str, description: &'static str) -> Self {
        let mut panel = Self::numbers(title, description, Unit::Plain);
        if let Options::Numbers { text_mode, .. } = &mut panel.options {
            *text_mode = "name";
        }
        panel
    }

    fn new(
        title: &'static str,
        description: &'static str,
        (kind, unit, color): (&'static str, Unit, &'static str),
        custom: Option<Custom>,
        options: Options,
    ) -> Self {
        let thresholds = Thresholds { mode: "absolute", steps: vec![Step { color: "green", value: None }] };
        let defaults = Defaults { unit, min: None, no_value: None, color: Color { mode: color }, thresholds, custom };
        Self {
            id: 0,
            kind,
            title,
            description,
            grid_pos: Place::default(),
            datasource: Source::default(),
            targets: Vec::new(),
            field_config: Fields { defaults, overrides: [] },
            options,
        }
    }

    /// Asks this too, and calls each series so.
    pub fn ask(mut self, expr: impl Into<String>, legend_format: &'static str) -> Self {
        let instant = self.kind == "stat";
        let letter = u8::try_from(self.targets.len()).map_or('Z', |place| char::from(b'A'.saturating_add(place)));
        let (ref_id, datasource, expr) = (letter.to_string(), Source::default(), expr.into());
        self.targets.push(Query { ref_id, datasource, expr, legend_format, instant, range: !instant });
        self
    }

    /// Values are never below 0, and the axis begins there.
    pub fn zero_based(mut self) -> Self {
        self.field_config.defaults.min = Some(0.0);
        self
    }

    /// Where it becomes serious: red from here, a line over time.
    pub fn serious_from(mut self, value: f64) -> Self {
        let defaults = &mut self.field_config.defaults;
        defaults.thresholds.steps.push(Step { color: "red", value: Some(value) });
        if let Some(custom) = &mut defaults.custom {
            custom.thresholds_style.mode = "line";
        }
        self
    }

    /// The same, where smaller is more serious.
    pub fn serious_below(mut self, value: f64) -> Self {
        self.field_config.defaults.thresholds.steps[0].color = "red";
        let mut panel = self.serious_from(value);
        if let Some(step) = panel.field_config.defaults.thresholds.steps.last_mut() {
            step.color = "green";
        }
        panel
    }

    /// One upon the other.
    pub fn stacked(mut self) -> Self {
        if let Some(custom) = &mut self.field_config.defaults.custom {
            custom.stacking.mode = "normal";
            custom.fill_opacity = 40;
        }
        self
    }

    /// Each step of the axis ten times the one before.
    pub fn logarithmic(mut self) -> Self {
        if let Some(custom) = &mut self.field_config.defaults.custom {
            custom.scale_distribution = Scale { kind: "log", log: Some(10) };
        }
        self
    }

    /// What is said where nothing is there.
    pub fn or_else(mut self, text: &'static str) -> Self {
        self.field_config.defaults.no_value = Some(text);
        self
    }

    /// Puts it on the dashboard, by width and height from the upper left corner.
    pub fn at(self, id: u32, (x, y): (u32, u32), (w, h): (u32, u32)) -> Self {
        Self { id, grid_pos: Place { x, y, w, h }, ..self }
    }
}
