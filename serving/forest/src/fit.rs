//! Fits a random forest with smartcore.
//!
//! smartcore's regression forest on 0/1 targets *is* a classification forest that tells probabilities:
//! the mean of a leaf is the class's share, and the squared error of 0/1 is Gini's impurity. It measured
//! as scikit-learn's forest does, at a fourteenth of the time. Two classes need one such forest; more
//! need one each ("one against the rest"), whose scores are then shares of their sum. The forests of all
//! classes draw the same bootstrap samples, so that the scores nearly add up to 1 by themselves.

use std::collections::BTreeMap;

use model_file::Training;
use serde::Deserialize;
use smartcore::{
    ensemble::random_forest_regressor::{RandomForestRegressor, RandomForestRegressorParameters},
    linalg::basic::matrix::DenseMatrix,
};

use crate::{Columns, Ensemble, Leaf, Node, Table, Transform, Tree};

/// A fitted forest.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The trees.
    pub ensemble: Ensemble,
    /// The mean decrease in impurity that each column brought, summing to 1 (or all 0 where no tree
    /// ever split): scikit-learn's `feature_importances_`.
    pub importances: Vec<f64>,
}

/// A forest that could not be fitted.
#[derive(Debug, thiserror::Error)]
#[error("the forest cannot be fitted: {0}\n\nhint: check the data set and the hyper-parameters under training")]
pub struct Unfit(String);

/// smartcore's forest, as serde shows it.
#[derive(Deserialize)]
struct Shown {
    forest_regressor: ShownForest,
}

#[derive(Deserialize)]
struct ShownForest {
    trees: Vec<ShownTree>,
}

#[derive(Deserialize)]
struct ShownTree {
    nodes: Vec<ShownNode>,
}

#[derive(Deserialize)]
struct ShownNode {
    output: f64,
    split_feature: usize,
    split_value: Option<f64>,
    true_child: Option<usize>,
    false_child: Option<usize>,
}

/// Fits a forest to the rows `rows` of `table`.
///
/// # Errors
/// When smartcore refuses, or a class has no row.
pub fn fit(table: &Table, rows: &[usize], columns: &Columns, training: &Training) -> Result<Fitted, Unfit> {
    let values = rows.iter().flat_map(|&row| columns.encode(table.row(row))).map(f64::from).collect();
    let x = DenseMatrix::new(rows.len(), columns.len(), values, false).map_err(|error| Unfit(error.to_string()))?;
    let parameters = RandomForestRegressorParameters::default()
        .with_n_trees(training.n_estimators.value as usize)
        // smartcore counts levels of nodes, scikit-learn levels of splits.
        .with_max_depth(u16::try_from(training.max_depth.value.saturating_add(1)).unwrap_or(u16::MAX))
        .with_min_samples_split(training.min_samples_split.value as usize)
        .with_min_samples_leaf(training.min_samples_leaf.value as usize)
        .with_m(training.max_features.of(columns.len()))
        .with_seed(training.random_state);

    let classes = table.classes();
    // The second class speaks for both, as in ONNX.
    let targets: Vec<usize> = if classes == 2 { vec![1] } else { (0..classes).collect() };
    let (mut trees, mut importances) = (Vec::new(), vec![0.0; columns.len()]);
    for &class in &targets {
        let y: Vec<f64> = rows.iter().map(|&row| f64::from(u8::from(table.class(row) == class))).collect();
        let forest =
            RandomForestRegressor::fit(&x, &y, parameters.clone()).map_err(|error| Unfit(error.to_string()))?;
        let brought = forest.compute_feature_importances().map_err(|error| Unfit(error.to_string()))?;
        for (sum, part) in importances.iter_mut().zip(brought) {
            #[expect(clippy::cast_precision_loss, reason = "a handful of classes")]
            let share = part / targets.len() as f64;
            *sum += share;
        }
        trees.extend(read(&forest, class, training.n_estimators.value)?);
    }
    let (scores, transform) = if classes == 2 { (1, Transform::None) } else { (classes, Transform::Shares) };
    let order = (0..classes).collect();
    let ensemble = Ensemble { columns: columns.len(), order, scores, base: Vec::new(), transform, trees };
    Ok(Fitted { ensemble, importances })
}

/// Its trees, by the one way it shows them: serde, in a format that keeps every bit and every name.
fn read(forest: &impl serde::Serialize, class: usize, trees: u32) -> Result<Vec<Tree>, Unfit> {
    let shown = rmp_serde::to_vec_named(forest).map_err(|error| Unfit(error.to_string()))?;
    let shown: Shown = rmp_serde::from_slice(&shown).map_err(|error| Unfit(error.to_string()))?;
    Ok(shown.forest_regressor.trees.iter().map(|tree| convert(&tree.nodes, class, trees)).collect())
}

fn convert(shown: &[ShownNode], class: usize, trees: u32) -> Tree {
    // smartcore goes on splitting where all rows are of one class. Where every leaf below says the same,
    // the node is a leaf. Children stand behind their parents, so going backwards meets them first.
    let mut same: BTreeMap<usize, f64> = BTreeMap::new();
    for (place, node) in shown.iter().enumerate().rev() {
        let said = match (node.true_child, node.false_child) {
            (Some(left), Some(right)) => match (same.get(&left), same.get(&right)) {
                (Some(a), Some(b)) if a.to_bits() == b.to_bits() => Some(*a),
                _ => None,
            },
            _ => Some(node.output),
        };
        same.extend(said.map(|said| (place, said)));
    }
    let mut nodes = Vec::new();
    let mut waiting = std::collections::VecDeque::from([0]);
    let mut next = 1;
    while let Some(place) = waiting.pop_front() {
        let node = &shown[place];
        nodes.push(match (same.get(&place), node.true_child, node.false_child, node.split_value) {
            (None, Some(left), Some(right), Some(threshold)) => {
                waiting.extend([left, right]);
                next += 2;
                let threshold = floor(threshold);
                Node::Split { column: node.split_feature, threshold, left: next - 2, right: next - 1, cover: 0.0 }
            }
            (said, ..) => {
                #[expect(clippy::cast_possible_truncation, reason = "ONNX stores weights as f32")]
                let weight = (said.unwrap_or(&node.output) / f64::from(trees)) as f32;
                Node::Leaf(Leaf { weights: vec![(class, weight)], cover: 0.0 })
            }
        });
    }
    Tree { nodes }
}

/// Down to the next `f32`: values are `f32`, so every one of them stays on its side of the threshold.
fn floor(threshold: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "mended below")]
    let near = threshold as f32;
    if f64::from(near) > threshold { near.next_down() } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(output: f64, children: Option<(usize, usize)>) -> ShownNode {
        let (true_child, false_child) = children.unzip();
        ShownNode { output, split_feature: 0, split_value: children.map(|_| 0.1), true_child, false_child }
    }

    #[test]
    fn splits_that_tell_nothing_apart_are_leaves() {
        let shown =
            [node(0.5, Some((1, 2))), node(1.0, Some((3, 4))), node(0.0, None), node(1.0, None), node(1.0, None)];
        let tree = convert(&shown, 1, 1);
        assert_eq!(tree.nodes.len(), 3, "{tree:?}");
        assert_eq!(tree.nodes[1], Node::Leaf(Leaf { weights: vec![(1, 1.0)], cover: 0.0 }));
        assert_eq!(convert(&shown[2..3], 1, 1).nodes.len(), 1);
    }

    #[test]
    fn thresholds_never_rise() {
        for threshold in [0.1, 0.3, 127.5, 1.0 / 3.0, -0.1] {
            assert!(f64::from(floor(threshold)) <= threshold);
            assert!(f64::from(floor(threshold).next_up()) > threshold);
        }
    }
}
