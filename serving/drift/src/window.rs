//! A window beside its reference: counted row by row, then judged.

use crate::{
    category::Words,
    holm::holm,
    number::Numbers,
    report::{Feature, Kind, Limits, Report, Status},
};

/// What the reference has of a feature.
#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    /// Numbers, in any order.
    Numbers(Vec<f32>),
    /// How often each word was there.
    Words(Vec<(String, u64)>),
}

enum Counted {
    Numbers(Numbers),
    Words(Words),
}

/// The rows that are compared with a reference. It takes as much memory as the reference and a few thousand values of each
/// feature, however many rows it has.
pub struct Window {
    rows: u64,
    features: Vec<(String, Counted)>,
    /// The last row that gave each feature a value.
    given: Vec<u64>,
}

impl Window {
    /// No rows yet.
    pub fn new(reference: impl IntoIterator<Item = (String, Sample)>) -> Self {
        let counted = |(name, sample)| match sample {
            Sample::Numbers(values) => (name, Counted::Numbers(Numbers::new(values))),
            Sample::Words(counts) => (name, Counted::Words(Words::new(counts))),
        };
        let features: Vec<_> = reference.into_iter().map(counted).collect();
        Self { rows: 0, given: vec![0; features.len()], features }
    }

    /// Begins a row. What is not given of it, by [`Self::number`] or [`Self::word`], is missing; what is given twice counts once.
    pub fn row(&mut self) {
        self.rows += 1;
    }

    /// A number of the row, by the feature's place. Of a category, and not finite, it is missing.
    pub fn number(&mut self, feature: usize, value: f32) {
        let Some((_, Counted::Numbers(numbers))) = self.features.get_mut(feature) else { return };
        if self.given[feature] < self.rows && numbers.count(value) {
            self.given[feature] = self.rows;
        }
    }

    /// A word of the row, by the feature's place. Of a number it is missing.
    pub fn word(&mut self, feature: usize, word: &str) {
        let Some((_, Counted::Words(words))) = self.features.get_mut(feature) else { return };
        if self.given[feature] < self.rows {
            words.count(word);
            self.given[feature] = self.rows;
        }
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Judges every feature.
    pub fn report(&mut self, limits: Limits) -> Report {
        for (_, counted) in &mut self.features {
            if let Counted::Numbers(numbers) = counted {
                numbers.settle();
            }
        }
        let mut features: Vec<Feature> =
            self.features.iter().map(|(name, counted)| self.feature(name, counted, &limits)).collect();
        let p_values: Vec<f64> = features.iter().filter_map(|feature| Some(feature.comparison?.p_value)).collect();
        let compared =
            features.iter_mut().filter_map(|feature| Some((&mut feature.status, feature.comparison.as_mut()?)));
        for ((status, comparison), corrected) in compared.zip(holm(&p_values)) {
            comparison.corrected_p_value = corrected;
            if corrected < limits.level && comparison.psi >= limits.psi {
                *status = Status::Drift;
            }
        }
        let any = |status| features.iter().any(|feature| feature.status == status);
        let status = if any(Status::Drift) {
            Status::Drift
        } else if self.rows < limits.rows || any(Status::NotEnoughData) {
            Status::NotEnoughData
        } else {
            Status::NoDrift
        };
        Report { status, limits, rows: self.rows, features }
    }

    fn feature(&self, name: &str, counted: &Counted, limits: &Limits) -> Feature {
        let (kind, [reference, window]) = match counted {
            Counted::Numbers(numbers) => (Kind::Number, numbers.sizes()),
            Counted::Words(words) => (Kind::Category, words.sizes()),
        };
        let enough = reference > 0 && window >= limits.rows.max(1);
        Feature {
            name: name.to_owned(),
            kind,
            status: if enough { Status::NoDrift } else { Status::NotEnoughData },
            reference,
            window,
            missing: self.rows.saturating_sub(window),
            unseen: if let Counted::Words(words) = counted { words.unseen() } else { 0 },
            comparison: enough.then(|| match counted {
                Counted::Numbers(numbers) => numbers.compare(),
                Counted::Words(words) => words.compare(),
            }),
            bins: match counted {
                Counted::Numbers(numbers) => numbers.bins(),
                Counted::Words(words) => words.bins(),
            },
        }
    }
}
