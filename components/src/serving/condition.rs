//! What must hold of a new version before it becomes champion, in the words of `serving train --promote-if`.

use std::{fmt, str::FromStr};

use builders::{Invalid, text_value};

/// The scores that a training gives.
const METRICS: [&str; 5] = ["accuracy", "precision", "recall", "f1_score", "auc_roc"];
const SIGNS: [&str; 4] = [">=", "<=", ">", "<"];
const HINT: &str = "write a score, a sign and a number or the champion, such as auc_roc>=0.80 or auc_roc>=champion";

/// A condition on a score: `auc_roc>=0.80`, `auc_roc>=champion`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition(String);

impl Condition {
    /// Not worse than what is there.
    pub fn no_worse() -> Self {
        Self("auc_roc>=champion".to_owned())
    }
}

impl FromStr for Condition {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        // Longer signs first: `>=` also begins with `>`.
        let parts = SIGNS.iter().find_map(|sign| text.split_once(sign));
        let (metric, bar) = parts.ok_or_else(|| Invalid::new(format!("{text:?} is no condition"), HINT))?;
        let (metric, bar) = (metric.trim(), bar.trim());
        if !METRICS.contains(&metric) {
            let there = format!("there are {}", METRICS.join(", "));
            return Err(Invalid::new(format!("there is no score {metric:?} for {text:?}"), there));
        }
        let number = || bar.parse::<f64>().is_ok_and(|number| (0.0..=1.0).contains(&number));
        if bar != "champion" && !number() {
            return Err(Invalid::new(format!("{bar:?} is no score to compare with: they go from 0 to 1"), HINT));
        }
        Ok(Self(text.split_whitespace().collect()))
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

text_value!(Condition,
    schema: "Condition",
    about: "A condition on a score of a new version",
    example: "auc_roc>=champion",
    pattern: r"^\s*(accuracy|precision|recall|f1_score|auc_roc)\s*[<>]=?\s*(champion|[0-9.]+([eE][+-]?[0-9]+)?)\s*$"
);
