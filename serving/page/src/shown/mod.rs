//! What is drawn and written of an answer: geometry and words, without HTML.

mod change;
mod curve;
mod moved;
mod verdict;

pub use change::Change;
pub use curve::{Curve, Question};
pub use moved::Moved;
pub use verdict::{Verdict, likeliest, share, subject};

/// A model's name for people: `my-model` is `My model`.
pub fn title(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.map(|letter| if letter == '-' { ' ' } else { letter })).collect()
}

/// How a feature is called: its name and unit.
pub fn with_unit(feature: &model_file::DescribedFeature) -> String {
    feature.unit.as_ref().map_or_else(|| feature.name.clone(), |unit| format!("{} ({unit})", feature.name))
}
