//! The verdict: which class, how likely, and how much of a risk.

use model_file::{DescribedClass, Description};

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
    /// Every class and its probability, of models without a positive class.
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

impl Verdict {
    /// What `answer` says in the words of `model`.
    pub fn of(model: &Description, answer: &Answer, words: &Words) -> Self {
        let shares: Vec<f64> = model.classes.iter().map(|class| share(answer, &class.value)).collect();
        let likeliest = likeliest(&shares);
        let positive = model.classes.iter().position(|class| class.positive);
        let spoken_of = positive.unwrap_or(likeliest);
        let share = shares.get(spoken_of).copied().unwrap_or_default();
        let label = |place: usize| model.classes.get(place).map_or("", DescribedClass::shown).to_owned();
        let zones = if positive.is_some() { zones(model, words) } else { vec![] };
        let level = zones.iter().position(|zone| share * 1000.0 < zone.from + zone.width);
        let level = level.or(zones.len().checked_sub(1));
        let kept = [
            model.classes.get(likeliest).map(|class| class.label.clone()),
            level.and_then(|place| Some(model.risk_levels.get(place)?.label.clone())),
        ];
        let level = level.and_then(|place| zones.get(place));
        let one = |(place, &share): (usize, &f64)| Share {
            label: label(place),
            of_one: share,
            percent: words.percent(share),
            likeliest: place == likeliest,
        };
        Self {
            label: label(likeliest),
            of: label(spoken_of),
            share,
            percent: words.percent(share),
            level: level.map(|zone| zone.label.clone()),
            kept,
            class: level.map_or("plain", |zone| zone.class),
            shares: if positive.is_some() { vec![] } else { shares.iter().enumerate().map(one).collect() },
            zones,
        }
    }
}

/// The class that explanations and curves are about: the positive one, or the likeliest.
pub fn subject<'m>(model: &'m Description, answer: &Answer) -> Option<&'m model_file::DescribedClass> {
    let shares: Vec<f64> = model.classes.iter().map(|class| share(answer, &class.value)).collect();
    model.classes.iter().find(|class| class.positive).or_else(|| model.classes.get(likeliest(&shares)))
}

/// The probability of a class.
pub fn share(answer: &Answer, class: &str) -> f64 {
    answer.probabilities.get(class).copied().unwrap_or_default()
}

/// The first of the largest, as the API has it.
pub fn likeliest(shares: &[f64]) -> usize {
    let larger = |best: usize, place: usize| if shares[place] > shares[best] { place } else { best };
    (0..shares.len()).reduce(larger).unwrap_or_default()
}

fn zones(model: &Description, words: &Words) -> Vec<Zone> {
    let last = model.risk_levels.len().saturating_sub(1);
    let mut from = 0.0;
    let zone = |(place, level): (usize, &model_file::DescribedLevel)| {
        let (start, end) = (from, level.below.unwrap_or(1.0).clamp(from, 1.0));
        from = end;
        let class = match place {
            _ if last == 0 => "medium",
            0 => "low",
            place if place == last => "high",
            _ => "medium",
        };
        let percent = |share: f64| words.number(share * 100.0, 1);
        let range = format!("{}\u{2013}{}{}%", percent(start), percent(end), words.gap);
        Zone { label: level.shown().to_owned(), class, from: start * 1000.0, width: (end - start) * 1000.0, range }
    };
    model.risk_levels.iter().enumerate().map(zone).collect()
}
