//! What an environment says of drift. Defaults are those of `serving drift`.

use std::{fmt, str::FromStr};

use builders::{Between, Invalid, Resources, Schedule, text_value};
use deserr::Deserr;
use schemars::JsonSchema;

/// When predictions are compared with what a model was trained on, and from where on it is drift.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", rename = "DriftValues")]
#[serde(rename_all = "camelCase")]
pub struct Values {
    /// When, in UTC.
    pub schedule: Schedule,
    /// How far back the predictions go that are looked at.
    #[deserr(default = Window::default())]
    #[schemars(default)]
    pub window: Window,
    /// The chance of a false alarm that is taken, for a whole report.
    #[deserr(default = Level::default())]
    #[schemars(default)]
    pub level: Level,
    /// The population stability index from which on a difference is large.
    #[deserr(default = Index::default())]
    #[schemars(default)]
    pub psi: Index,
    /// The fewest rows that say anything: below it there is "not enough data", which is not "no drift".
    #[deserr(default = default_rows())]
    #[schemars(default = "default_rows")]
    pub min_rows: Between<200, 100_000_000>,
    /// What a run asks for and may use.
    #[deserr(default = default_resources())]
    #[schemars(default = "default_resources")]
    pub resources: Resources,
}

fn default_rows() -> Between<200, 100_000_000> {
    Between::new(200)
}

fn default_resources() -> Resources {
    Resources::new((100, 64), (1000, 256))
}

/// A span of time up to now, such as `24h`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window(String);

impl Default for Window {
    fn default() -> Self {
        Self("24h".to_owned())
    }
}

impl FromStr for Window {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let number = text.strip_suffix(['m', 'h', 'd']).unwrap_or_default();
        let digits = (1..=5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        if digits && !number.starts_with('0') {
            return Ok(Self(text.to_owned()));
        }
        Err(Invalid::new(format!("{text:?} is no window of time"), "write minutes, hours or days, such as 90m, 24h or 7d"))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

text_value!(Window, schema: "Window", about: "A span of time up to now, in minutes, hours or days", example: "7d", pattern: "^[1-9][0-9]{0,4}[mhd]$");

/// A level of significance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level(f64);

impl Default for Level {
    fn default() -> Self {
        Self(0.01)
    }
}

impl FromStr for Level {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let level = text.parse().ok().filter(|level| *level > 0.0 && *level < 1.0);
        let wrong = || Invalid::new(format!("{text} is no level of significance"), "write a number between 0 and 1, such as 0.01");
        level.map(Self).ok_or_else(wrong)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

text_value!(Level, schema: "Level", about: "A level of significance, between 0 and 1", example: "0.01", pattern: r"^0?\.[0-9]*[1-9][0-9]*$", numbers: number);

/// A population stability index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Index(f64);

impl Default for Index {
    fn default() -> Self {
        Self(0.2)
    }
}

impl FromStr for Index {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let index = text.parse().ok().filter(|index: &f64| *index >= 0.0 && index.is_finite());
        let hint = "write 0 or more: 0.1 is a moderate difference, 0.25 a large one";
        index.map(Self).ok_or_else(|| Invalid::new(format!("{text} is no population stability index"), hint))
    }
}

impl fmt::Display for Index {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

text_value!(Index, schema: "Index", about: "A population stability index, 0 or more", example: "0.2", pattern: r"^([0-9]+(\.[0-9]*)?|\.[0-9]+)$", numbers: number);
