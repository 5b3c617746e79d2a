//! The verdict: which class, how likely, and how much of a risk.

use model_file::{DescribedClass, Description};

use super::{Said, Says, has_levels};
use crate::{apis::Answer, words::Words};

/// What an answer says.
#[derive(Debug)]
pub struct Verdict {
    /// The likeliest class, for people.
    pub label: String,
    /// What the share is of, for people.
    pub of: String,
    /// Its probability.
    pub share: f64,
    /// The same in words.
    pub percent: String,
    /// The risk level of that probability, where the model has some.
    pub level: Option<String>,
    /// Class and risk level as answers have them, for what is kept.
    pub kept: [Option<String>; 2],
    /// Its colour: `low`, `medium`, `high`, or `plain`.
    pub class: &'static str,
    /// The risk levels, from low to high.
    pub zones: Vec<Zone>,
    /// Every class and its probability, of models without a positive class; many of them by probability.
    pub shares: Vec<Share>,
}

/// A risk level on a gauge of 1,000 units.
#[derive(Debug)]
pub struct Zone {
    pub label: String,
    pub class: &'static str,
    pub from: f64,
    pub width: f64,
    /// Where it begins and ends.
    pub range: String,
}

/// A class and its probability.
#[derive(Debug)]
pub struct Share {
    pub label: String,
    pub of_one: f64,
    pub percent: String,
    pub likeliest: bool,
}

/// Classes that are shown at once.
const FEW: usize = 8;

impl Verdict {
    /// What `answer` says in the words of `model`.
    pub fn of(model: &Description, answer: &Answer, words: &Words) -> Self {
        let Said { place, class, subject, probability, shares, level } = Says::of(model).said(answer);
        let label = |class: Option<&DescribedClass>| class.map_or("", DescribedClass::shown).to_owned();
        let one = |(of, &share): (usize, &f64)| Share {
            label: label(model.classes.get(of)),
            of_one: share,
            percent: words.percent(share),
            likeliest: of == place,
        };
        let whole = subject.is_some_and(|class| class.positive);
        let mut shares: Vec<Share> = if whole { vec![] } else { shares.iter().enumerate().map(one).collect() };
        if !super::few(&shares, FEW).1.is_empty() {
            shares.sort_by(|a, b| b.of_one.total_cmp(&a.of_one));
        }
        Self {
            label: label(class),
            of: label(subject),
            share: probability,
            percent: words.percent(probability),
            level: level.map(|(_, level)| level.shown().to_owned()),
            kept: [class.map(|class| class.label.clone()), level.map(|(_, level)| level.label.clone())],
            class: level.map_or("plain", |(place, _)| colour(model, place)),
            shares,
            zones: if has_levels(model) { zones(model, words) } else { vec![] },
        }
    }

    /// The classes that everybody looks at, and those that only few do.
    pub fn few(&self) -> (&[Share], &[Share]) {
        super::few(&self.shares, FEW)
    }
}

fn colour(model: &Description, place: usize) -> &'static str {
    match model.risk_levels.len().saturating_sub(1) {
        0 => "medium",
        _ if place == 0 => "low",
        last if place == last => "high",
        _ => "medium",
    }
}

fn zones(model: &Description, words: &Words) -> Vec<Zone> {
    let mut from = 0.0;
    let zone = |(place, level): (usize, &model_file::DescribedLevel)| {
        let (start, end) = (from, level.below.unwrap_or(1.0).clamp(from, 1.0));
        from = end;
        let percent = |share: f64| words.number(share * 100.0, 1);
        let range = format!("{}\u{2013}{}{}%", percent(start), percent(end), words.gap);
        Zone {
            label: level.shown().to_owned(),
            class: colour(model, place),
            from: start * 1000.0,
            width: (end - start) * 1000.0,
            range,
        }
    };
    model.risk_levels.iter().enumerate().map(zone).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn level(below: [f64; 2], share: f64) -> Option<String> {
        let class = |value: &str, positive: bool| json!({"value": value, "label": value, "positive": positive});
        let level = |label: &str, below: Option<f64>| json!({"label": label, "below": below});
        let told = json!({
            "name": "m", "version": "1", "explains": false, "features": [],
            "classes": [class("no", false), class("yes", true)],
            "risk_levels": [level("low", Some(below[0])), level("medium", Some(below[1])), level("high", None)],
        });
        let model: Description = serde_json::from_value(told).expect("a model");
        let probabilities = [("no".to_owned(), 1.0 - share), ("yes".to_owned(), share)].into();
        let answer = Answer { probabilities, model_version: "1".to_owned() };
        Verdict::of(&model, &answer, Words::of("en").expect("English")).level
    }

    #[test]
    fn a_level_ends_where_the_model_says_and_not_where_the_gauge_rounds() {
        for high in 11_u8..100 {
            let below = [0.1, f64::from(high) / 100.0];
            let levels = [below[1].next_down(), below[1]].map(|share| level(below, share));
            assert_eq!(levels.map(Option::unwrap_or_default), ["medium", "high"], "{below:?}");
        }
    }
}
