//! One tree between a row and a background row.
//!
//! Where both go the same way there is nothing to tell. Where they part, one branch is for the coalitions that have the row's
//! value of the feature, the other for those that don't; from there on the feature belongs to one of the two, whatever else it is
//! asked. A leaf that needs `u` features of the row and `v` of the background row is reached in one of `C(u+v, u)` orders of those:
//! by that share each of the `u` moves the score up to the leaf's weight, and each of the `v` keeps it away.

use crate::Node;

/// A tree whose leaves speak of one score, with the feature behind each column.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The score that leaves add to.
    pub score: usize,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Split { column: u32, player: u32, threshold: f32, left: u32, right: u32 },
    Leaf(f64),
}

impl Tree {
    /// A tree for each score that `tree` speaks of; `players` is the feature behind each column.
    pub fn of(tree: &crate::Tree, scores: usize, players: &[usize]) -> Vec<Self> {
        // One score for two classes: whichever class a leaf names, it is that score.
        let score = |class: usize| if scores == 1 { 0 } else { class };
        let weight = |leaf: &crate::Leaf, wanted: usize| {
            leaf.weights.iter().filter(|(class, _)| score(*class) == wanted).map(|(_, weight)| f64::from(*weight)).sum()
        };
        let step = |node: &Node, wanted: usize| match node {
            Node::Split { column, threshold, left, right, .. } => Step::Split {
                column: index(*column),
                player: index(players[*column]),
                threshold: *threshold,
                left: index(*left),
                right: index(*right),
            },
            Node::Leaf(leaf) => Step::Leaf(weight(leaf, wanted)),
        };
        let trees = (0..scores)
            .map(|wanted| Self { score: wanted, steps: tree.nodes.iter().map(|node| step(node, wanted)).collect() });
        trees
            .filter(|tree| tree.steps.iter().any(|step| matches!(step, Step::Leaf(weight) if *weight != 0.0)))
            .collect()
    }

    /// What a row of columns gets.
    pub fn leaf(&self, columns: &[f32]) -> f64 {
        let mut place = 0;
        loop {
            match self.steps[place as usize] {
                Step::Split { column, threshold, left, right, .. } => {
                    place = if columns[column as usize] <= threshold { left } else { right };
                }
                Step::Leaf(weight) => return weight,
            }
        }
    }

    /// Calls `leaf` with the features (bits) that a leaf needs of the row, those that it needs of the background row, and its weight;
    /// once for every leaf that some coalition gets to.
    pub fn reach(&self, row: &[f32], background: &[f32], mut leaf: impl FnMut(usize, usize, f64)) {
        let mut open = vec![(0, 0, 0)];
        while let Some((mut place, with, mut without)) = open.pop() {
            loop {
                let (column, joins, threshold, left, right) = match self.steps[place as usize] {
                    Step::Split { column, player, threshold, left, right } => {
                        (column as usize, 1 << player, threshold, left, right)
                    }
                    Step::Leaf(weight) => {
                        leaf(with, without, weight);
                        break;
                    }
                };
                let to = |columns: &[f32]| if columns[column] <= threshold { left } else { right };
                let (of_row, of_background) = (to(row), to(background));
                if of_row == of_background || with & joins != 0 {
                    place = of_row;
                    continue;
                }
                if without & joins == 0 {
                    open.push((of_row, with | joins, without));
                    without |= joins;
                }
                place = of_background;
            }
        }
    }

    /// Adds to `out` (`[features]`) what each feature moves the score by, from `background` to `row` (`[columns]`); all `owners`
    /// (`[features]`) are either, before and after.
    pub fn walk(&self, row: &[f32], background: &[f32], owners: &mut [Owner], out: &mut [f64]) {
        Walk { steps: &self.steps, row, background, owners, out }.below(0, 0.0, 0.0, 1.0);
    }
}

/// Whose value of a feature is asked.
#[derive(Debug, Clone, Copy)]
pub enum Owner {
    /// Nobody's yet: the two went the same way wherever it was asked.
    Either,
    Row,
    Background,
}

/// What a leaf, or all leaves below a node, moves: for each feature of the row, and for each of the background row.
type Moves = (f64, f64);

/// A row beside a background row, on their way through a tree.
struct Walk<'w> {
    steps: &'w [Step],
    row: &'w [f32],
    background: &'w [f32],
    owners: &'w mut [Owner],
    out: &'w mut [f64],
}

impl Walk<'_> {
    /// Below `place`, which needs `u` features of the row and `v` of the background row: in `share` of their orders.
    ///
    /// It calls itself only where a feature gets an owner: however deep a foreign tree is, no deeper than there are features.
    fn below(&mut self, mut place: u32, u: f64, v: f64, share: f64) -> Moves {
        loop {
            let (column, player, threshold, left, right) = match self.steps[place as usize] {
                Step::Split { column, player, threshold, left, right } => {
                    (column as usize, player as usize, threshold, left, right)
                }
                Step::Leaf(weight) => {
                    // (u-1)! v! / (u+v)! and u! (v-1)! / (u+v)!, as parts of u! v! / (u+v)!.
                    let part = |of: f64| if of > 0.0 { weight * share / of } else { 0.0 };
                    return (part(u), -part(v));
                }
            };
            let to = |columns: &[f32]| if columns[column] <= threshold { left } else { right };
            let (of_row, of_background) = (to(self.row), to(self.background));
            place = match self.owners[player] {
                _ if of_row == of_background => of_row,
                Owner::Row => of_row,
                Owner::Background => of_background,
                Owner::Either => {
                    let share = share / (u + v + 1.0);
                    self.owners[player] = Owner::Row;
                    let with = self.below(of_row, u + 1.0, v, share * (u + 1.0));
                    self.owners[player] = Owner::Background;
                    let without = self.below(of_background, u, v + 1.0, share * (v + 1.0));
                    self.owners[player] = Owner::Either;
                    self.out[player] += with.0 + without.1;
                    return (with.0 + without.0, with.1 + without.1);
                }
            };
        }
    }
}

fn index(place: usize) -> u32 {
    u32::try_from(place).expect("an ensemble has fewer than four thousand million nodes")
}
