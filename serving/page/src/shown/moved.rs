//! What moved a prediction: a bar for each feature, the longest first.

use model_file::Description;

use crate::{apis::Explanation, forms::Inputs, words::Words};

/// Inside of a bar's picture, half of it for each direction.
const HALF: f64 = 100.0;

/// What moved a prediction.
#[derive(Debug)]
pub struct Moved {
    /// The class whose probability was moved.
    pub of: String,
    /// The probability before anything was known of the row.
    pub base: String,
    /// The probability in the end.
    pub end: String,
    /// From the strongest to the weakest.
    pub bars: Vec<Bar>,
    /// Whether the model has several classes and none is positive.
    pub many: bool,
}

/// What a feature did.
#[derive(Debug)]
pub struct Bar {
    /// In requests, and for people.
    pub name: String,
    pub feature: String,
    pub value: String,
    /// In points of percent.
    pub points: String,
    pub raises: bool,
    pub x: f64,
    pub width: f64,
}

/// Bars that are shown at once.
const FEW: usize = 12;

impl Moved {
    /// What `explanation` says of `class` (its value and label).
    pub fn of(model: &Description, inputs: &Inputs, explanation: &Explanation, words: &Words) -> Option<Self> {
        let class = super::subject(model, &explanation.answer)?;
        let share = |feature: &str| explanation.contributions.get(feature)?.get(&class.value).copied();
        let mut bars: Vec<_> =
            inputs.list.iter().filter_map(|input| Some((input, share(&input.feature.name)?))).collect();
        bars.sort_by(|(_, a), (_, b)| b.abs().total_cmp(&a.abs()));
        let longest = bars.first().map_or(1.0, |(_, share)| share.abs()).max(1e-9);
        let bar = |(input, share): (&crate::forms::Input, f64)| {
            let width = share.abs() / longest * HALF;
            Bar {
                name: input.feature.name.clone(),
                feature: input.feature.shown().to_owned(),
                value: input.shown(words),
                points: words.points(share),
                raises: share > 0.0,
                x: if share > 0.0 { HALF } else { HALF - width },
                width,
            }
        };
        Some(Self {
            of: class.shown().to_owned(),
            base: words.percent(explanation.base_values.get(&class.value).copied()?),
            end: words.percent(explanation.answer.probabilities.get(&class.value).copied()?),
            bars: bars.into_iter().map(bar).collect(),
            many: model.classes.iter().all(|class| !class.positive),
        })
    }

    /// The bars that everybody looks at, and those that only few do.
    pub fn few(&self) -> (&[Bar], &[Bar]) {
        super::few(&self.bars, FEW)
    }

    /// The feature that moved it most.
    pub fn strongest(&self) -> Option<&str> {
        self.bars.first().map(|bar| bar.name.as_str())
    }
}
