//! What the model says of a row: the likeliest class, its probability or that of the positive one, the risk level.

use model_file::{DescribedClass, DescribedLevel, Description};

use crate::{
    apis::Answer,
    shown::{likeliest, share},
};

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
    /// The probability of the positive class, or of the likeliest.
    pub probability: f64,
    /// That of each class, in the model's order.
    pub shares: Vec<f64>,
    /// The risk level, of models that have some.
    pub level: Option<&'m DescribedLevel>,
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
        let shares: Vec<f64> = self.model.classes.iter().map(|class| share(answer, &class.value)).collect();
        let place = likeliest(&shares);
        let probability = shares.get(self.positive.unwrap_or(place)).copied().unwrap_or_default();
        let mut levels = self.model.risk_levels.iter();
        let level = levels.find(|level| level.below.is_none_or(|below| probability < below));
        Said {
            place,
            class: self.model.classes.get(place),
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
