//! What is promised of an API, and by which alerts on errors and latency go.

use std::{fmt, str::FromStr};

use builders::{Invalid, text_value};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::serving;

/// What is promised of predictions, over 30 days.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", default)]
#[serde(rename_all = "camelCase")]
pub struct Objective {
    /// Percent of predictions that are answered, without an error of the server's.
    #[deserr(default = Objective::default().availability)]
    pub availability: Share,
    /// How soon a prediction is to be answered.
    #[deserr(default = Objective::default().latency)]
    pub latency: Within,
    /// Percent of predictions that are answered so soon.
    #[deserr(default = Objective::default().latency_ratio)]
    pub latency_ratio: Share,
}

impl Default for Objective {
    /// An answer takes about a millisecond; a hundred are what a pod without CPU to spare waits for its next turn.
    fn default() -> Self {
        Self { availability: Share(99_500), latency: Within(100_000), latency_ratio: Share(99_000) }
    }
}

/// A share in percent, from 95 to 99.99, in thousandths of a percent.
///
/// The fastest alert is on fourteen times the errors that the objective leaves room for. Below 95 % that is most of what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    /// What the objective leaves for errors, as a share of 1.
    pub fn budget(self) -> f64 {
        f64::from(100_000 - self.0) / 100_000.0
    }
}

impl FromStr for Share {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let thousandths = (digits(whole) && digits(part) && part.len() <= 3)
            .then(|| format!("{whole}{part:0<3}").parse().ok())
            .flatten();
        match thousandths {
            Some(share @ 95_000..=99_990) => Ok(Self(share)),
            _ => Err(Invalid::new(
                format!("{text:?} is not a share that can be promised"),
                "write percent from 95 to 99.99, such as 99.5",
            )),
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:03}", self.0 / 1000, self.0 % 1000);
        out.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// A time that the program counts answers within: a bound of its histogram, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Within(u32);

impl Within {
    /// As `le` has it, in seconds: `0.1`.
    pub fn seconds(self) -> String {
        let text = format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

impl FromStr for Within {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let bounds = serving::LATENCY_BOUNDS.map(Self);
        bounds.into_iter().find(|bound| bound.to_string() == text).ok_or_else(|| {
            let bounds = bounds.map(|bound| bound.to_string()).join(", ");
            Invalid::new(
                format!("answers are not counted within {text:?}"),
                format!("write one of the bounds of the program's histogram: {bounds}"),
            )
        })
    }
}

impl fmt::Display for Within {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (micros, unit) = match self.0 {
            ..1_000 => (1, "us"),
            1_000..1_000_000 => (1_000, "ms"),
            1_000_000.. => (1_000_000, "s"),
        };
        let (whole, rest) = (self.0 / micros, self.0 % micros * 10 / micros);
        if rest == 0 { write!(out, "{whole}{unit}") } else { write!(out, "{whole}.{rest}{unit}") }
    }
}

text_value!(Share, schema: "Share", about: "What is promised, in percent from 95 to 99.99", example: "99.5", pattern: r"^9[5-9](\.[0-9]{1,3})?$", numbers: number);
text_value!(Within, schema: "Within", about: "A bound of the program's histogram of latencies", example: "100ms", pattern: r"^(100us|250us|500us|1ms|2\.5ms|5ms|10ms|25ms|100ms|500ms|2\.5s|10s)$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_exactly() {
        for (text, shown, budget) in [("99.5", "99.5", 0.005), ("99", "99", 0.01), ("99.990", "99.99", 0.0001)] {
            let share: Share = text.parse().expect(text);
            assert_eq!((share.to_string().as_str(), share.budget()), (shown, budget));
        }
        for bad in ["", "100", "94.9", "0.995", "99.", ".5", "99.9999", "99,5", "+99", "99.99.9", "99.995"] {
            assert!(bad.parse::<Share>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_time_is_a_bound_of_the_histogram_or_refused_with_all_of_them() {
        for (text, seconds) in
            [("100us", "0.0001"), ("2.5ms", "0.0025"), ("100ms", "0.1"), ("2.5s", "2.5"), ("10s", "10")]
        {
            let within: Within = text.parse().expect(text);
            assert_eq!((within.to_string().as_str(), within.seconds().as_str()), (text, seconds));
        }
        let refused = "250ms".parse::<Within>().expect_err("no bound").to_string();
        assert!(refused.contains("10ms, 25ms, 100ms, 500ms"), "{refused}");
        assert!("0.1s".parse::<Within>().is_err());
    }
}
