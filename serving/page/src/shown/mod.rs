//! What is drawn and written of an answer: geometry and words, without HTML.

mod change;
mod curve;
mod moved;
mod said;
mod verdict;

pub use change::Change;
pub use curve::{Curve, Question};
pub use moved::Moved;
pub use said::{Said, Says, has_levels, subject};
pub use verdict::Verdict;

use crate::words::Words;

/// A model's name for people, where it has no title: `my-model` is `My model`.
pub fn title(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.map(|letter| if letter == '-' { ' ' } else { letter })).collect()
}

/// What a feature is called, and its unit.
pub fn with_unit(feature: &model_file::DescribedFeature) -> String {
    let name = feature.shown();
    feature.unit.as_ref().map_or_else(|| name.to_owned(), |unit| format!("{name} ({unit})"))
}

/// Where the values of a feature usually are.
pub fn usual(feature: &model_file::DescribedFeature, words: &Words) -> Option<String> {
    let [low, high] = feature.range?;
    Some(format!("{} {} {} {}", words.usually, words.number(low, 6), words.to, words.number(high, 6)))
}

/// Those that are shown at once, and the rest. A single one more takes no more room than the line that hides it.
fn few<T>(all: &[T], most: usize) -> (&[T], &[T]) {
    all.split_at(if all.len() > most + 1 { most } else { all.len() })
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_few_look_at_is_two_or_more() {
        let split = |count: usize| {
            let all = vec![(); count];
            let (few, rest) = super::few(&all, 8);
            (few.len(), rest.len())
        };
        assert_eq!([3, 8, 9, 10, 30].map(split), [(3, 0), (8, 0), (9, 0), (8, 2), (8, 22)]);
    }
}
