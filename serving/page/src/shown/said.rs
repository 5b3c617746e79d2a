//! What a model says of a row: the likeliest class, its probability or that of the positive one, the risk level.
//!
//! It is decided here alone, as the API does: pages draw it, and files have it in columns.

use model_file::{DescribedClass, DescribedLevel, Description};

use crate::apis::Answer;

/// The words of a model, looked up once for all rows.
#[derive(Debug)]
pub struct Says<'m> {
    model: &'m Description,
    positive: Option<usize>,
}

/// What comes of a row.
#[derive(Debug)]
pub struct Said<'m> {
    /// The place of the likeliest class.
    pub place: usize,
    /// That class.
    pub class: Option<&'m DescribedClass>,
    /// What the probability is of: the positive class, or the likeliest.
    pub subject: Option<&'m DescribedClass>,
    /// Its probability.
    pub probability: f64,
    /// That of each class, in the model's order.
    pub shares: Vec<f64>,
    /// The risk level and its place, of models that have some.
    pub level: Option<(usize, &'m DescribedLevel)>,
}

impl<'m> Says<'m> {
    /// Those of a model.
    pub fn of(model: &'m Description) -> Self {
        Self { model, positive: model.classes.iter().position(|class| class.positive) }
    }

    /// The names of the columns that a row gets, but for its problem.
    pub fn columns(&self) -> Vec<String> {
        let mut names = vec!["label".to_owned(), "probability".to_owned()];
        names.extend(self.model.classes.iter().map(|class| format!("probability_{}", class.value)));
        names.extend(has_levels(self.model).then(|| "risk_level".to_owned()));
        names.push("model_version".to_owned());
        names
    }

    /// What an answer says.
    pub fn said(&self, answer: &Answer) -> Said<'m> {
        let classes = &self.model.classes;
        let shares: Vec<f64> = classes.iter().map(|class| share(answer, &class.value)).collect();
        let place = likeliest(&shares);
        let subject = self.positive.unwrap_or(place);
        let probability = shares.get(subject).copied().unwrap_or_default();
        let mut levels = self.model.risk_levels.iter().enumerate();
        let level = levels.find(|(_, level)| level.below.is_none_or(|below| probability < below));
        Said {
            place,
            class: classes.get(place),
            subject: classes.get(subject),
            probability,
            shares,
            level: level.filter(|_| has_levels(self.model)),
        }
    }
}

/// Whether rows have a risk level.
pub fn has_levels(model: &Description) -> bool {
    !model.risk_levels.is_empty() && model.classes.iter().any(|class| class.positive)
}

/// The class that explanations and curves are about: the positive one, or the likeliest.
pub fn subject<'m>(model: &'m Description, answer: &Answer) -> Option<&'m DescribedClass> {
    Says::of(model).said(answer).subject
}

/// The probability of a class.
fn share(answer: &Answer, class: &str) -> f64 {
    answer.probabilities.get(class).copied().unwrap_or_default()
}

/// The first of the largest, as the API has it.
fn likeliest(shares: &[f64]) -> usize {
    let larger = |best: usize, place: usize| if shares[place] > shares[best] { place } else { best };
    (0..shares.len()).reduce(larger).unwrap_or_default()
}
