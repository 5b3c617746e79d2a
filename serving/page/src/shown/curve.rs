//! The what-if curve: the probability as one feature goes through its range and all others stay (an individual conditional
//! expectation, Goldstein et al. 2015, "Peeking Inside the Black Box").

use model_file::{DescribedFeature, Description, FeatureType};
use serde_json::{Map, Value};

use crate::{
    apis::Answer,
    forms::{Inputs, decimals},
    words::Words,
};

/// Inside of the picture, in its own units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 200.0;
/// Values that a number goes through.
const STEPS: u32 = 60;

/// The rows to ask for, and what they stand for.
#[derive(Debug)]
pub struct Question<'d> {
    feature: &'d DescribedFeature,
    points: Vec<Value>,
    row: Map<String, Value>,
}

/// A curve, drawn.
#[derive(Debug)]
pub struct Curve {
    pub feature: String,
    pub of: String,
    /// The line of a number.
    pub line: String,
    /// Where the input stands now, if it is within the range.
    pub now: Option<(f64, f64)>,
    /// Numbers below the picture.
    pub ticks: Vec<(f64, String)>,
    /// Values and probabilities, of a number only some.
    pub rows: Vec<Row>,
    pub category: bool,
}

/// A value and its probability.
#[derive(Debug)]
pub struct Row {
    pub value: String,
    pub share: f64,
    pub percent: String,
    pub now: bool,
}

impl<'d> Question<'d> {
    /// That for a feature; none where nobody says through what it should go.
    pub fn of(model: &'d Description, inputs: &Inputs, name: &str) -> Option<Self> {
        let feature = model.features.iter().find(|feature| feature.name == name)?;
        let points = match (feature.kind, feature.range) {
            (FeatureType::Category, _) => feature.values.iter().cloned().map(Value::from).collect(),
            (FeatureType::Integer, Some([low, high])) => {
                let mut whole: Vec<_> = through(low, high).map(f64::round).collect();
                whole.dedup();
                #[expect(clippy::cast_possible_truncation, reason = "whole")]
                whole.into_iter().map(|number| Value::from(number as i64)).collect()
            }
            (FeatureType::Number, Some([low, high])) => through(low, high).map(Value::from).collect(),
            (_, None) => return None,
        };
        Some(Self { feature, points, row: inputs.row() })
    }

    /// The rows, as the API wants them.
    pub fn rows(&self) -> Vec<Value> {
        let row = |value: &Value| {
            let mut row = self.row.clone();
            row.insert(self.feature.name.clone(), value.clone());
            Value::Object(row)
        };
        self.points.iter().map(row).collect()
    }

    /// The curve of `class` (value and label) that the answers make.
    pub fn curve(&self, class: &model_file::DescribedClass, answers: &[Answer], words: &Words) -> Curve {
        let share = |answer: &Answer| answer.probabilities.get(&class.value).copied().unwrap_or_default();
        let pairs: Vec<(&Value, f64)> = self.points.iter().zip(answers.iter().map(share)).collect();
        let here = self.row.get(&self.feature.name).unwrap_or(&Value::Null);
        let category = self.feature.kind == FeatureType::Category;
        let every = if category { 1 } else { (pairs.len() / 10).max(1) };
        let row = |&(value, share): &(&Value, f64)| Row {
            value: shown(self.feature, value, words),
            share,
            percent: words.percent(share),
            now: value == here,
        };
        let rows = pairs.iter().step_by(every).map(row).collect();
        let [low, high] = self.feature.range.unwrap_or_default();
        let x = |value: f64| (value - low) / (high - low).max(f64::MIN_POSITIVE) * WIDTH;
        let y = |share: f64| (1.0 - share) * HEIGHT;
        let numbers: Vec<(f64, f64)> =
            pairs.iter().filter_map(|&(value, share)| Some((x(value.as_f64()?), y(share)))).collect();
        let line: Vec<String> = numbers.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let now = here.as_f64().filter(|here| (low..=high).contains(here) && !category);
        let ticks = if category { vec![] } else { ticks(self.feature, [low, high]) };
        Curve {
            feature: super::with_unit(self.feature),
            of: class.shown().to_owned(),
            line: line.join(" "),
            now: now.map(|here| (x(here), between(&numbers, x(here)))),
            ticks: ticks.into_iter().map(|(value, decimals)| (x(value), words.number(value, decimals))).collect(),
            rows,
            category,
        }
    }
}

/// The quarters of a range, each as its label says and with so many decimals.
fn ticks(feature: &DescribedFeature, [low, high]: [f64; 2]) -> Vec<(f64, usize)> {
    let halves = feature.kind == FeatureType::Number && high - low < 8.0;
    let decimals = decimals(feature).max(usize::from(halves));
    let values = [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| low + (high - low) * part);
    let rounded = |value: f64| (format!("{value:.decimals$}").parse().unwrap_or(value), decimals);
    let mut ticks = values.map(rounded).to_vec();
    ticks.dedup();
    ticks
}

fn through(low: f64, high: f64) -> impl Iterator<Item = f64> {
    (0..=STEPS).map(move |step| low + (high - low) * f64::from(step) / f64::from(STEPS))
}

/// The height of the line at `x`.
fn between(line: &[(f64, f64)], x: f64) -> f64 {
    let after = line.partition_point(|&(place, _)| place < x);
    match (line.get(after.saturating_sub(1)), line.get(after)) {
        (Some(&(x0, y0)), Some(&(x1, y1))) if x1 > x0 => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
        (Some(&(_, y)), _) | (None, Some(&(_, y))) => y,
        (None, None) => 0.0,
    }
}

fn shown(feature: &DescribedFeature, value: &Value, words: &Words) -> String {
    match value.as_f64() {
        Some(number) => words.number(number, decimals(feature).max(usize::from(feature.kind == FeatureType::Number))),
        None => feature.shown_value(value.as_str().unwrap_or_default()).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tick_is_where_its_label_says() {
        let at = |kind: &str, step: f64, range: [f64; 2]| {
            let told = json!({"name": "f", "type": kind, "range": range, "step": step, "values": []});
            let feature: DescribedFeature = serde_json::from_value(told).expect("a feature");
            ticks(&feature, range).into_iter().map(|(value, _)| value).collect::<Vec<_>>()
        };
        assert_eq!(at("integer", 1.0, [0.0, 17.0]), [0.0, 4.0, 8.0, 13.0, 17.0]);
        assert_eq!(at("integer", 1.0, [0.0, 2.0]), [0.0, 1.0, 2.0]);
        assert_eq!(at("number", 0.1, [0.0, 67.1]), [0.0, 16.8, 33.5, 50.3, 67.1]);
        assert_eq!(at("number", 1.0, [0.0, 3.0]), [0.0, 0.8, 1.5, 2.2, 3.0]);
    }
}
