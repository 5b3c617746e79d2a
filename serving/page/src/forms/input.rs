//! One input: what stands in the box, what the model gets, and what is wrong with it.

use model_file::{DescribedFeature, FeatureType};
use serde_json::Value;

use crate::words::Words;

/// An input.
#[derive(Debug)]
pub struct Input<'d> {
    /// The feature.
    pub feature: &'d DescribedFeature,
    /// What stands in the box.
    pub text: String,
    /// What the model gets; null where something is wrong.
    pub value: Value,
    /// What is wrong.
    pub problem: Option<String>,
    /// A number outside the usual range; the model takes it nevertheless.
    pub outside: bool,
}

impl<'d> Input<'d> {
    /// What a page begins with: the default, or the middle of the range, or the first of the words.
    pub fn default(feature: &'d DescribedFeature) -> Self {
        let (text, value) = if feature.kind == FeatureType::Category {
            let word = feature.values.first().cloned().unwrap_or_default();
            (word.clone(), word.into())
        } else {
            let middle = feature.range.map_or(0.0, |[low, high]| f64::midpoint(low, high));
            let number = feature.default.unwrap_or(middle);
            let text = format!("{number:.0$}", decimals(feature));
            (text.clone(), json_number(feature, text.parse().unwrap_or(number)))
        };
        Self { feature, text, value, problem: None, outside: false }
    }

    /// What somebody wrote.
    pub fn read(feature: &'d DescribedFeature, text: &str, words: &'static Words) -> Self {
        let text = text.trim();
        let mut input = Self { feature, text: text.to_owned(), value: Value::Null, problem: None, outside: false };
        if feature.kind == FeatureType::Category {
            match feature.values.iter().find(|value| *value == text) {
                Some(value) => input.value = value.clone().into(),
                None => input.problem = Some(format!("{} {}", words.choice_wanted, super::few::few(&feature.values))),
            }
            return input;
        }
        let plain = plain(text, words);
        let problem = match plain.parse::<f64>() {
            // What JSON's readers agree on, and what trees can compare.
            Ok(number) if number.abs() > largest(feature) => words.too_large,
            Ok(number) if feature.kind == FeatureType::Integer && number.fract() != 0.0 => words.whole_wanted,
            Ok(number) if number.is_finite() => {
                input.value = json_number(feature, number);
                input.outside = feature.range.is_some_and(|[low, high]| number < low || number > high);
                // So that links and sliders have one way to write it.
                input.text = plain;
                return input;
            }
            _ if feature.kind == FeatureType::Integer => words.whole_wanted,
            _ => words.number_wanted,
        };
        input.problem = Some(problem.to_owned());
        input
    }

    /// What stands in the box, as the language writes it.
    pub fn typed(&self, words: &Words) -> String {
        let point = words.point.to_string();
        if self.value.is_number() { self.text.replace('.', &point) } else { self.text.clone() }
    }

    /// The value as the language has it.
    pub fn shown(&self, words: &Words) -> String {
        let number = self.value.as_f64().map(|number| words.number(number, decimals(self.feature).max(6)));
        number.unwrap_or_else(|| self.feature.shown_value(&self.text).to_owned())
    }
}

fn largest(feature: &DescribedFeature) -> f64 {
    if feature.kind == FeatureType::Integer { 9_007_199_254_740_991.0 } else { f32::MAX.into() }
}

fn json_number(feature: &DescribedFeature, number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "whole, and within what an f64 tells apart")]
    if feature.kind == FeatureType::Integer { (number.round() as i64).into() } else { number.into() }
}

/// How many decimals the steps of a feature have.
pub fn decimals(feature: &DescribedFeature) -> usize {
    if feature.kind == FeatureType::Integer {
        return 0;
    }
    let step = feature.step.unwrap_or(1.0).to_string();
    let default = feature.default.unwrap_or_default().to_string();
    [step, default].iter().filter_map(|text| Some(text.split_once('.')?.1.len())).max().unwrap_or(0)
}

/// A number as programs write it. Both languages may have either decimal sign, but a comma between thousands is one in English.
fn plain(text: &str, words: &Words) -> String {
    let text: String = text.chars().map(|sign| if sign.is_whitespace() { ' ' } else { sign }).collect();
    let text = text.replace('\u{2212}', "-");
    let apart = |between: char| {
        let whole = text.split(|sign| sign == '.' || (sign == ',' && between != ',')).next().unwrap_or_default();
        let mut groups = whole.trim_start_matches('-').split(between);
        let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
        let first = |first: &str| (1..=3).contains(&first.len()) && digits(first) && !first.starts_with('0');
        whole.contains(between)
            && groups.next().is_some_and(first)
            && groups.all(|rest| rest.len() == 3 && digits(rest))
    };
    if words.point == '.' && apart(',') {
        text.replace(',', "")
    } else if apart(' ') {
        text.replace(' ', "").replace(',', ".")
    } else {
        text.replace(',', ".")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn feature(kind: FeatureType) -> DescribedFeature {
        let values = if kind == FeatureType::Category { vec!["a", "b"] } else { vec![] };
        let told = json!({"name": "f", "type": kind, "range": [0, 10], "step": 0.25, "values": values});
        serde_json::from_value(told).expect("a feature")
    }

    fn read(kind: FeatureType, text: &str) -> (Value, bool, bool) {
        let feature = feature(kind);
        let input = Input::read(&feature, text, Words::of("en").expect("English"));
        (input.value, input.problem.is_some(), input.outside)
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(read(FeatureType::Number, " 3,5 "), (json!(3.5), false, false));
        assert_eq!(read(FeatureType::Number, "\u{2212}1"), (json!(-1.0), false, true));
        assert_eq!(read(FeatureType::Integer, "11"), (json!(11), false, true));
        for text in ["", "x", "1.5", "1e99", "NaN", "inf"] {
            assert_eq!(read(FeatureType::Integer, text), (Value::Null, true, false), "{text}");
        }
        assert_eq!(read(FeatureType::Category, "b"), (json!("b"), false, false));
        assert_eq!(read(FeatureType::Category, "<script>"), (Value::Null, true, false));
    }

    #[test]
    fn thousands_may_stand_apart() {
        let read = |code: &str, text: &str| {
            let feature = DescribedFeature { range: Some([0.0, 1e6]), ..feature(FeatureType::Number) };
            Input::read(&feature, text, Words::of(code).expect("a language")).value
        };
        for (text, english, french) in [
            ("1,200", json!(1200.0), json!(1.2)),
            ("1,200.5", json!(1200.5), Value::Null),
            ("12,345,678", json!(12_345_678.0), Value::Null),
            ("1200,50", json!(1200.5), json!(1200.5)),
            ("0,125", json!(0.125), json!(0.125)),
            ("1 200,5", json!(1200.5), json!(1200.5)),
            ("1\u{202f}200\u{a0}000", json!(1_200_000.0), json!(1_200_000.0)),
            ("1 2", Value::Null, Value::Null),
            ("1.200", json!(1.2), json!(1.2)),
        ] {
            assert_eq!([read("en", text), read("fr", text)], [english, french], "{text}");
        }
    }

    #[test]
    fn a_page_begins_in_the_middle_or_with_the_default() {
        let mut number = feature(FeatureType::Number);
        assert_eq!((Input::default(&number).text.as_str(), Input::default(&number).value), ("5.00", json!(5.0)));
        number.default = Some(0.475);
        assert_eq!(Input::default(&number).text, "0.475");
        let typed = |code: &str| Input::default(&number).typed(Words::of(code).expect("a language"));
        assert_eq!(["en", "fr"].map(typed), ["0.475", "0,475"]);
        assert_eq!(Input::default(&feature(FeatureType::Integer)).value, json!(5));
        assert_eq!(Input::default(&feature(FeatureType::Category)).value, json!("a"));
    }
}
