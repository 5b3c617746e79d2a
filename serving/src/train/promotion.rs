//! Whether a new version becomes the champion: `auc_roc>=0.80`, `auc_roc>=champion`.

use std::{collections::BTreeMap, fmt, str::FromStr};

use forest::Scores;

/// A condition on a metric of the new version.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    metric: String,
    comparison: Comparison,
    bar: Bar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    AtLeast,
    More,
    AtMost,
    Less,
}

/// What the metric is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Bar {
    Number(f64),
    Champion,
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no condition; write one such as auc_roc>=0.80 or auc_roc>=champion");
        // Longer signs first: `>=` also begins with `>`.
        let signs =
            [(">=", Comparison::AtLeast), ("<=", Comparison::AtMost), (">", Comparison::More), ("<", Comparison::Less)];
        let parts = signs.into_iter().find_map(|(sign, comparison)| Some((text.split_once(sign)?, comparison)));
        let ((metric, bar), comparison) = parts.ok_or_else(wrong)?;
        let bar = match bar.trim() {
            "champion" => Bar::Champion,
            number => Bar::Number(number.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(wrong)?),
        };
        let metric = metric.trim().to_owned();
        if metric.is_empty() { Err(wrong()) } else { Ok(Self { metric, comparison, bar }) }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.comparison {
            Comparison::AtLeast => ">=",
            Comparison::More => ">",
            Comparison::AtMost => "<=",
            Comparison::Less => "<",
        };
        match self.bar {
            Bar::Number(number) => write!(out, "{}{sign}{number}", self.metric),
            Bar::Champion => write!(out, "{}{sign}champion", self.metric),
        }
    }
}

impl Condition {
    /// Whether the present champion has to be judged.
    pub fn asks_the_champion(&self) -> bool {
        self.bar == Bar::Champion
    }

    /// Whether a training, with cross-validation or without, gives the metric that is asked for: better said before it.
    ///
    /// # Errors
    /// Which metrics there are.
    pub fn can_be_judged(&self, folds: bool) -> Result<(), String> {
        let mut known: Vec<String> = Scores::NAMES.map(str::to_owned).into();
        // The champion is judged on the rows held back, and trained no further.
        if folds && self.bar != Bar::Champion {
            known.extend(Scores::NAMES.iter().flat_map(|name| ["mean", "std"].map(|of| format!("cv_{name}_{of}"))));
        }
        if known.contains(&self.metric) {
            return Ok(());
        }
        Err(format!("there is no metric {:?} for {self}\n\nhint: there are {}", self.metric, known.join(", ")))
    }

    /// Whether it holds, in words. Where there is no champion to compare with, a comparison with it holds.
    ///
    /// # Errors
    /// When the new version has no such metric.
    pub fn holds(
        &self,
        new: &BTreeMap<String, f64>,
        champion: Option<&BTreeMap<String, f64>>,
    ) -> Result<(bool, String), String> {
        let known = || new.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let value = *new
            .get(&self.metric)
            .ok_or_else(|| format!("there is no metric {:?}\n\nhint: there are {}", self.metric, known()))?;
        let bar = match self.bar {
            Bar::Number(number) => number,
            Bar::Champion => match champion.and_then(|metrics| metrics.get(&self.metric)) {
                Some(number) => *number,
                None => return Ok((true, format!("{self}: there is no champion to compare with"))),
            },
        };
        let holds = match self.comparison {
            Comparison::AtLeast => value >= bar,
            Comparison::More => value > bar,
            Comparison::AtMost => value <= bar,
            Comparison::Less => value < bar,
        };
        let than = if self.bar == Bar::Champion { format!(", the champion has {bar:.4}") } else { String::new() };
        Ok((holds, format!("{self}: {} is {value:.4}{than}", self.metric)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_and_hold_or_not() {
        let new = BTreeMap::from([("auc_roc".to_owned(), 0.83)]);
        let champion = BTreeMap::from([("auc_roc".to_owned(), 0.84)]);
        for (text, alone, against) in [
            ("auc_roc>=0.83", true, true),
            (" auc_roc > 0.83 ", false, false),
            ("auc_roc<=0.9", true, true),
            ("auc_roc>=champion", true, false),
        ] {
            let condition: Condition = text.parse().expect("a condition");
            assert_eq!(condition.holds(&new, None).expect("a metric").0, alone, "{text}");
            assert_eq!(condition.holds(&new, Some(&champion)).expect("a metric").0, against, "{text}");
        }
        for wrong in ["", "auc_roc", ">=1", "auc_roc>=", "auc_roc>=NaN", "auc_roc==1"] {
            assert!(wrong.parse::<Condition>().is_err(), "{wrong}");
        }
        for (text, alone, folds) in [
            ("recall>=0.8", true, true),
            ("cv_recall_mean>=0.8", false, true),
            ("cv_recall_mean>=champion", false, false),
            ("auc>=champion", false, false),
        ] {
            let condition: Condition = text.parse().expect("a condition");
            assert_eq!(condition.can_be_judged(false).is_ok(), alone, "{text}");
            assert_eq!(condition.can_be_judged(true).is_ok(), folds, "{text}");
        }
        let unknown: Condition = "auc>=0.8".parse().expect("a condition");
        assert!(unknown.holds(&new, None).expect_err("no metric").contains("auc_roc"));
    }
}
