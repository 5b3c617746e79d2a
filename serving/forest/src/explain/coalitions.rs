//! What every coalition of features makes of the probabilities, where there are few enough to ask all.
//!
//! A walk through a tree meets each leaf once, with the features that it needs of the row and of the background row; the leaf is what
//! all coalitions get that have the first and lack the second. So a tree costs a walk and one addition for each coalition.

use super::Explainer;
use crate::Transform;

/// The most features of which all coalitions are asked: a thousand of them.
const MOST: usize = 10;

/// Whether contributions to the probabilities themselves are to be had, and are not those to the scores.
///
/// With one score they are told as the `shap` package tells them, whatever the number of features.
pub fn are_asked(features: usize, scores: usize, transform: Transform) -> bool {
    scores > 1 && transform != Transform::None && features <= MOST
}

/// The probabilities of every coalition that holds the row's values against the background row's, `[coalitions × classes]`; a
/// coalition's features are its bits.
pub fn probabilities(explainer: &Explainer, row: &[f32], background: &[f32]) -> Vec<f64> {
    let (scores, all) = (explainer.base.len(), 1 << explainer.features);
    let mut sums: Vec<f64> = explainer.base.repeat(all);
    for tree in &explainer.trees {
        tree.reach(row, background, |with, without, weight| {
            let free = (all - 1) & !(with | without);
            // All subsets of the free features, down to none.
            let mut joined = free;
            loop {
                sums[(with | joined) * scores + tree.score] += weight;
                if joined == 0 {
                    break;
                }
                joined = (joined - 1) & free;
            }
        });
    }
    let mut probabilities = Vec::with_capacity(sums.len());
    for scores in sums.chunks_exact(scores) {
        let start = probabilities.len();
        probabilities.extend_from_slice(scores);
        explainer.transform.apply(start, &mut probabilities);
    }
    probabilities
}

/// Calls `each` with a feature, a class and what the feature moves the class by: Shapley's formula, over the `values` of all
/// coalitions, `[coalitions × classes]`.
pub fn shapley(features: usize, classes: usize, values: &[f64], mut each: impl FnMut(usize, usize, f64)) {
    let shares: Vec<f64> = (0..features).map(|size| share(size, features)).collect();
    for feature in 0..features {
        let joins = 1 << feature;
        for without in (0..1_usize << features).filter(|coalition| coalition & joins == 0) {
            let share = shares[without.count_ones() as usize];
            let (before, after) = (without * classes, (without | joins) * classes);
            for class in 0..classes {
                each(feature, class, share * (values[after + class] - values[before + class]));
            }
        }
    }
}

/// The share of the orders in which exactly the features of a coalition of `size` come before another one.
fn share(size: usize, features: usize) -> f64 {
    // size! (features - size - 1)! / features!
    #[expect(clippy::cast_precision_loss, reason = "a few features")]
    let orders = (1..=size).fold(1.0, |orders, place| orders * (features - place) as f64 / place as f64);
    #[expect(clippy::cast_precision_loss, reason = "a few features")]
    let share = 1.0 / (orders * features as f64);
    share
}
