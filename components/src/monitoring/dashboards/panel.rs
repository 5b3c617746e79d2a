//! A panel: what it asks, in which unit, and how it is drawn.

pub use super::format::{Panel, Unit};
use super::{
    drawing::{Color, Custom, Options, Scale, Step, Thresholds},
    format::{Defaults, Fields, Place, Query, Source},
};

impl Panel {
    /// Lines over time.
    pub fn lines(title: &'static str, description: &'static str, unit: Unit) -> Self {
        let (color, options) = ("palette-classic", Options::lines());
        Self::new(title, description, ("timeseries", unit, color), Some(Custom::line()), options)
    }

    /// The last values, as numbers; of several series each with its name.
    pub fn numbers(title: &'static str, description: &'static str, unit: Unit) -> Self {
        Self::new(title, description, ("stat", unit, "thresholds"), None, Options::numbers("value_and_name"))
    }

    /// The last names of series, whatever their values.
    pub fn names(title: &'static str, description: &'static str) -> Self {
        Self::new(title, description, ("stat", Unit::Plain, "thresholds"), None, Options::numbers("name"))
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
        let (ref_id, datasource, expr) = (letters(self.targets.len()), Source::default(), expr.into());
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

/// Names of queries as Grafana gives them: A to Z, then AA, AB, and so on.
fn letters(place: usize) -> String {
    let last = char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place % 26]);
    if place < 26 { last.to_string() } else { format!("{}{last}", letters(place / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn every_query_of_a_panel_has_letters_of_its_own() {
        for (place, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(place), name);
        }
    }
}
