//! A tree ensemble as ONNX describes one: the common shape of what is fitted, stored and served.

use crate::Transform;

/// Trees whose leaves add up to scores, and what makes probabilities of the scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Ensemble {
    /// Columns of the input.
    pub columns: usize,
    /// The classes told apart, at least two: the place of each in the model file.
    pub order: Vec<usize>,
    /// How many scores the leaves add up to: as many as classes, or one that speaks for the second of two.
    pub scores: usize,
    /// Added to the scores; empty, or one for each score.
    pub base: Vec<f64>,
    /// What makes probabilities of the scores.
    pub transform: Transform,
    /// The trees.
    pub trees: Vec<Tree>,
}

/// A tree; its root is the first node, and children stand behind their parents.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The nodes.
    pub nodes: Vec<Node>,
}

/// A node of a tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Goes `left` where `column <= threshold`, else `right`.
    Split {
        /// The column that is compared.
        column: usize,
        /// With what.
        threshold: f32,
        /// The next node where it is at most that.
        left: usize,
        /// The next node where it is more.
        right: usize,
        /// Training rows that came by; 0 where nobody counted.
        cover: f32,
    },
    /// Ends here.
    Leaf(Leaf),
}

/// The end of a tree.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Leaf {
    /// What is added to the score of each class.
    pub weights: Vec<(usize, f32)>,
    /// Training rows that ended here; 0 where nobody counted.
    pub cover: f32,
}

impl Ensemble {
    /// Nodes of all trees.
    pub fn nodes(&self) -> usize {
        self.trees.iter().map(|tree| tree.nodes.len()).sum()
    }
}

impl Tree {
    /// The leaf where a row of columns ends.
    pub fn leaf(&self, columns: &[f32]) -> usize {
        let mut place = 0;
        while let Node::Split { column, threshold, left, right, .. } = self.nodes[place] {
            place = if columns[column] <= threshold { left } else { right };
        }
        place
    }
}
