//! From a row to probabilities, fast.
//!
//! A tree walk waits for memory at every step, so several walks go on at once: of one row through a dozen
//! trees, or of a dozen rows through one tree. Nodes lie as pairs of siblings, so that a step adds a
//! comparison to a place; a leaf leads to itself, so that a group walks as long as its deepest tree and
//! never asks who has arrived.

use crate::{Columns, Ensemble, Leaf, Node, Transform, Tree};

/// Walks that go on at once.
const LANES: usize = 12;

/// A node: where its left child lies (the right one is next to it), and what decides. A leaf leads to itself.
#[derive(Debug, Clone, Copy)]
struct Step {
    threshold: f32,
    column: u32,
    left: u32,
}

/// An ensemble made ready for predicting.
#[derive(Debug, Clone)]
pub struct Predictor {
    columns: Option<Columns>,
    classes: usize,
    order: Vec<usize>,
    scores: usize,
    base: Vec<f64>,
    transform: Transform,
    steps: Vec<Step>,
    /// What a leaf adds, `[steps × scores]`.
    weights: Vec<f32>,
    /// Root and depth of each tree, the shallow ones first: neighbours end at about the same time.
    trees: Vec<(u32, u32)>,
}

impl Predictor {
    /// Makes `ensemble` ready for rows of the features behind `columns`.
    ///
    /// # Panics
    /// When the two speak of different columns.
    pub fn new(ensemble: &Ensemble, columns: &Columns) -> Self {
        assert_eq!(columns.len(), ensemble.columns, "the columns are those of another ensemble");
        let scores = ensemble.scores;
        let columns = (!columns.are_features()).then(|| columns.clone());
        let base = if ensemble.base.is_empty() { vec![0.0; scores] } else { ensemble.base.clone() };
        let (classes, transform, order) = (ensemble.order.len(), ensemble.transform, ensemble.order.clone());
        let mut predictor =
            Self { columns, classes, order, scores, base, transform, steps: vec![], weights: vec![], trees: vec![] };
        for tree in &ensemble.trees {
            predictor.add(tree);
        }
        // Leaves that add nothing fill the last group.
        while !predictor.trees.len().is_multiple_of(LANES) {
            predictor.add(&Tree { nodes: vec![Node::Leaf(Leaf::default())] });
        }
        predictor.trees.sort_by_key(|&(_, depth)| depth);
        predictor
    }

    fn add(&mut self, tree: &Tree) {
        let leads_to_itself = |place: u32| Step { threshold: f32::INFINITY, column: 0, left: place };
        let mut waiting = vec![(0, index(self.steps.len()), 0)];
        self.steps.push(leads_to_itself(index(self.steps.len())));
        self.weights.resize(self.steps.len() * self.scores, 0.0);
        let root = waiting[0].1;
        let mut deepest = 0;
        while let Some((node, place, depth)) = waiting.pop() {
            match &tree.nodes[node] {
                Node::Split { column, threshold, left, right, .. } => {
                    let next = index(self.steps.len());
                    self.steps[place as usize] = Step { threshold: *threshold, column: index(*column), left: next };
                    self.steps.extend([leads_to_itself(next), leads_to_itself(next + 1)]);
                    self.weights.resize(self.steps.len() * self.scores, 0.0);
                    waiting.extend([(*left, next, depth + 1), (*right, next + 1, depth + 1)]);
                }
                Node::Leaf(leaf) => {
                    deepest = deepest.max(depth);
                    for &(class, weight) in &leaf.weights {
                        // One score for two classes: whichever class a leaf names, it is that score.
                        let score = if self.scores == 1 { 0 } else { class };
                        self.weights[place as usize * self.scores + score] += weight;
                    }
                }
            }
        }
        self.trees.push((root, deepest));
    }

    /// Classes told apart.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Adds the probabilities of each class for one row of features to `out`: `[features]` → `[classes]`.
    pub fn predict(&self, row: &[f32], out: &mut Vec<f64>) {
        let encoded: Vec<f32>;
        let columns = if let Some(columns) = &self.columns {
            encoded = columns.encode(row).collect();
            &encoded
        } else {
            row
        };
        let start = out.len();
        out.extend_from_slice(&self.base);
        for group in self.trees.as_chunks::<LANES>().0 {
            let mut places = group.map(|(root, _)| root);
            for _ in 0..group[LANES - 1].1 {
                for place in &mut places {
                    *place = self.step(*place, columns);
                }
            }
            self.arrive_together(places, &mut out[start..]);
        }
        self.finish(start, out);
    }

    /// The probabilities of each class for many rows: `[rows × features]` → `[rows × classes]`.
    pub fn predict_all(&self, rows: &[f32], features: usize) -> Vec<f64> {
        let mut out = Vec::with_capacity(rows.len() / features.max(1) * self.classes);
        let mut encoded = Vec::new();
        let mut block = rows.chunks_exact(features * LANES);
        for rows in &mut block {
            let (columns, width) = if let Some(columns) = &self.columns {
                encoded.clear();
                rows.chunks_exact(features).for_each(|row| encoded.extend(columns.encode(row)));
                (encoded.as_slice(), columns.len())
            } else {
                (rows, features)
            };
            self.block(columns, width, &mut out);
        }
        for row in block.remainder().chunks_exact(features) {
            self.predict(row, &mut out);
        }
        out
    }

    /// A block of rows of columns, tree by tree.
    fn block(&self, columns: &[f32], width: usize, out: &mut Vec<f64>) {
        let rows: [&[f32]; LANES] = std::array::from_fn(|lane| &columns[lane * width..][..width]);
        let mut sums: Vec<f64> = self.base.repeat(LANES);
        for &(root, depth) in &self.trees {
            let mut places = [root; LANES];
            for _ in 0..depth {
                for (place, row) in places.iter_mut().zip(rows) {
                    *place = self.step(*place, row);
                }
            }
            for (lane, place) in places.into_iter().enumerate() {
                self.arrive(place, &mut sums[lane * self.scores..][..self.scores]);
            }
        }
        for sums in sums.chunks_exact(self.scores) {
            let start = out.len();
            out.extend_from_slice(sums);
            self.finish(start, out);
        }
    }

    #[inline]
    fn step(&self, place: u32, columns: &[f32]) -> u32 {
        let step = self.steps[place as usize];
        step.left + u32::from(columns[step.column as usize] > step.threshold)
    }

    /// Walks of one row: their sum is kept in a register where there is one score, since a sum in memory is waited for.
    #[inline]
    fn arrive_together(&self, places: [u32; LANES], sums: &mut [f64]) {
        if let [sum] = sums {
            *sum = places.iter().fold(*sum, |sum, &place| sum + f64::from(self.weights[place as usize]));
        } else {
            for place in places {
                self.arrive(place, sums);
            }
        }
    }

    #[inline]
    fn arrive(&self, place: u32, sums: &mut [f64]) {
        let weights = &self.weights[place as usize * self.scores..][..self.scores];
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += f64::from(*weight);
        }
    }

    /// Scores at the end of `out` become probabilities, in the model file's order of classes.
    fn finish(&self, start: usize, out: &mut Vec<f64>) {
        self.transform.apply(start, out);
        if !self.order.is_sorted() {
            let theirs = out[start..].to_vec();
            for (probability, &place) in theirs.into_iter().zip(&self.order) {
                out[start + place] = probability;
            }
        }
    }
}

fn index(place: usize) -> u32 {
    u32::try_from(place).expect("an ensemble has fewer than four thousand million nodes")
}
