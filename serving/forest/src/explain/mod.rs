//! What moved a prediction: Shapley values of the features, by interventional `TreeSHAP` (Lundberg et al. 2020,
//! <https://doi.org/10.1038/s42256-019-0138-9>; `feature_perturbation="interventional"` of the `shap` package).
//!
//! The row is compared with each row of a background sample. A coalition of features has the row's values, the others those
//! of the background row, and what a feature adds to the score is averaged over all orders in which features may join. The players
//! are the features that people know: all columns of a category change hands together, so no row is both red and blue.
//!
//! People read probabilities, and so must the sums be: base value + contributions = probability, for every class. Where
//! probabilities are no plain sum of scores, every coalition is asked if there are few features ([`coalitions`]), and else contributions
//! to scores are carried over along the straight line between the two rows' scores (Aumann and Shapley 1974): see [`line`].

mod coalitions;
mod line;
mod tree;

use self::tree::{Owner, Tree};
use crate::{Column, Columns, Ensemble, Transform};

/// An ensemble made ready for explaining.
#[derive(Debug, Clone)]
pub struct Explainer {
    columns: Columns,
    features: usize,
    order: Vec<usize>,
    transform: Transform,
    base: Vec<f64>,
    trees: Vec<Tree>,
    background: Vec<Background>,
}

/// A row to compare with.
#[derive(Debug, Clone)]
struct Background {
    columns: Vec<f32>,
    scores: Vec<f64>,
}

/// What moved one prediction: for every class, `base` + its `contributions` = its probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The mean probability of each class over the background sample, `[classes]`.
    pub base: Vec<f64>,
    /// What each feature adds to the probability of each class, `[features × classes]`.
    pub contributions: Vec<f64>,
}

impl Explainer {
    /// Makes `ensemble` ready for rows of `features` features; nothing where no row of `background` is one.
    ///
    /// # Panics
    /// When ensemble and columns are not of the same model.
    pub fn new(ensemble: &Ensemble, columns: &Columns, features: usize, background: &[Vec<f32>]) -> Option<Self> {
        assert_eq!(columns.len(), ensemble.columns, "the columns are those of another ensemble");
        let players: Vec<usize> = columns.iter().map(Column::feature).collect();
        let mut explainer = Self {
            columns: columns.clone(),
            features,
            order: ensemble.order.clone(),
            transform: ensemble.transform,
            base: if ensemble.base.is_empty() { vec![0.0; ensemble.scores] } else { ensemble.base.clone() },
            trees: ensemble.trees.iter().flat_map(|tree| Tree::of(tree, ensemble.scores, &players)).collect(),
            background: Vec::new(),
        };
        let rows = background.iter().filter(|row| row.len() == features);
        explainer.background = rows.map(|row| explainer.with_scores(row)).collect();
        (!explainer.background.is_empty()).then_some(explainer)
    }

    fn with_scores(&self, row: &[f32]) -> Background {
        let columns: Vec<f32> = self.columns.encode(row).collect();
        let mut scores = self.base.clone();
        for tree in &self.trees {
            scores[tree.score] += tree.leaf(&columns);
        }
        Background { columns, scores }
    }

    /// Explains the prediction of a row, `[features]`.
    pub fn explain(&self, row: &[f32]) -> Explanation {
        let row = self.with_scores(row);
        let classes = self.order.len();
        let mut told = Explanation { base: vec![0.0; classes], contributions: vec![0.0; self.features * classes] };
        if coalitions::are_asked(self.features, self.base.len(), self.transform) {
            self.by_coalitions(&row, &mut told);
        } else {
            self.by_scores(&row, &mut told);
        }
        told
    }

    /// The part of each background row in a mean.
    fn share(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a sample of rows")]
        let rows = self.background.len() as f64;
        1.0 / rows
    }

    fn by_coalitions(&self, row: &Background, told: &mut Explanation) {
        let (classes, share) = (self.order.len(), self.share());
        for background in &self.background {
            let values = coalitions::probabilities(self, &row.columns, &background.columns);
            for (class, &place) in self.order.iter().enumerate() {
                told.base[place] += share * values[class];
            }
            coalitions::shapley(self.features, classes, &values, |feature, class, moved| {
                told.contributions[feature * classes + self.order[class]] += share * moved;
            });
        }
    }

    fn by_scores(&self, row: &Background, told: &mut Explanation) {
        let (scores, classes, features) = (self.base.len(), self.order.len(), self.features);
        // To the scores, `[background × scores × features]`: tree by tree, so that a tree is at hand while it is walked.
        let mut to_scores = vec![0.0; self.background.len() * scores * features];
        let mut owners = vec![Owner::Either; features];
        for tree in &self.trees {
            for (background, out) in self.background.iter().zip(to_scores.chunks_exact_mut(scores * features)) {
                let out = &mut out[tree.score * features..][..features];
                tree.walk(&row.columns, &background.columns, &mut owners, out);
            }
        }
        let share = self.share();
        for (background, to_scores) in self.background.iter().zip(to_scores.chunks_exact(scores * features)) {
            let line = line::between(self.transform, &background.scores, &row.scores);
            for (class, &place) in self.order.iter().enumerate() {
                told.base[place] += share * line.start[class];
                for (score, slope) in line.slopes[class * scores..][..scores].iter().enumerate() {
                    for (feature, moved) in to_scores[score * features..][..features].iter().enumerate() {
                        told.contributions[feature * classes + place] += share * slope * moved;
                    }
                }
            }
        }
    }
}
