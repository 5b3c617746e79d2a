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
    #[deserr(default)]
    #[schemars(default)]
    pub window: Window,
    /// The chance of a false alarm that is taken, for a whole report.
    #[deserr(default)]
    #[schemars(default)]
    pub level: Level,
    /// The population stability index from which on a difference is large.
    #[deserr(default)]
    #[schemars(default)]
    pub psi: Index,
    /// The fewest rows that say anything: below it there is "not enough data", which is not "no drift".
    #[deserr(default = fewest())]
    #[schemars(default = "fewest")]
    pub min_rows: Between<200, 100_000_000>,
    /// What a run asks for and may use.
    #[deserr(default = size())]
    #[schemars(default = "size")]
    pub resources: Resources,
}

fn fewest() -> Between<200, 100_000_000> {
    Between::new(200)
}

fn size() -> Resources {
    Resources::new((100, 64), (1000, 256))
}

/// A span of time up to now, such as `24h`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window(String);

/// A level of significance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level(f64);

/// A population stability index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Index(f64);

text_value!(Window, schema: "Window", about: "A span of time up to now, in minutes, hours or days", example: "7d", pattern: "^[1-9][0-9]{0,4}[mhd]$");
text_value!(Level, schema: "Level", about: "A level of significance, between 0 and 1", example: "0.01", pattern: r"^0?\.[0-9]*[1-9][0-9]*$", numbers: number);
text_value!(Index, schema: "Index", about: "A population stability index, 0 or more", example: "0.2", pattern: r"^([0-9]+(\.[0-9]*)?|\.[0-9]+)$", numbers: number);

impl FromStr for Window {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let number = text.strip_suffix(['m', 'h', 'd']).unwrap_or_default();
        let digits = (1..=5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        let hint = "write minutes, hours or days, such as 90m, 24h or 7d";
        let window = (digits && !number.starts_with('0')).then(|| Self(text.to_owned()));
        window.ok_or_else(|| Invalid::new(format!("{text:?} is no window of time"), hint))
    }
}

impl FromStr for Level {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let level = text.parse().ok().filter(|level| *level > 0.0 && *level < 1.0);
        let hint = "write a number between 0 and 1, such as 0.01";
        level.map(Self).ok_or_else(|| Invalid::new(format!("{text} is no level of significance"), hint))
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

/// Default and text of a value that is a tuple of one.
macro_rules! plain {
    ($type:ident: $default:expr) => {
        impl Default for $type {
            fn default() -> Self {
                Self($default)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }
    };
}

plain!(Window: "24h".to_owned());
plain!(Level: 0.01);
plain!(Index: 0.2);
