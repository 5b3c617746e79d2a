//! What moved a prediction: Shapley values of the features, by interventional `TreeSHAP` (Lundberg et al. 2020,
//! <https://doi.org/10.1038/s42256-019-0138-9>; `feature_perturbation="interventional"` of the `shap` package).
//!
//! The row is compared with each row of a background sample. A coalition of features has the row's values, the others those
//! of the background row, and what a feature adds to the score is averaged over all orders in which features may join. The players
//! are the features that people know: all columns of a category change hands together, so no row is both red and blue.
//!
//! People read probabilities, and so must the sums be: base value + contributions = probability, for every class. Where
//! probabilities are no plain sum of scores, contributions to scores are carried over along the straight line between the two rows'
//! scores (Aumann and Shapley 1974): see [`line`].

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
        let mut base = vec![0.0; classes];
        let mut contributions = vec![0.0; features * classes];
        #[expect(clippy::cast_precision_loss, reason = "a sample of rows")]
        let share = 1.0 / self.background.len() as f64;
        for (background, to_scores) in self.background.iter().zip(to_scores.chunks_exact(scores * features)) {
            let line = line::between(self.transform, &background.scores, &row.scores);
            for (class, &place) in self.order.iter().enumerate() {
                base[place] += share * line.start[class];
                for (score, slope) in line.slopes[class * scores..][..scores].iter().enumerate() {
                    for (feature, moved) in to_scores[score * features..][..features].iter().enumerate() {
                        contributions[feature * classes + place] += share * slope * moved;
                    }
                }
            }
        }
        Explanation { base, contributions }
    }
}
