//! How many training rows come by each node: what path-dependent explanations need.

use crate::{Columns, Ensemble, Node, Table};

/// Counts the rows of `table` at every node of `ensemble`.
///
/// scikit-learn counts the bootstrap sample of each tree instead (`weighted_n_node_samples`); all rows
/// serve the same purpose and can be counted for any ensemble.
pub fn cover(ensemble: &mut Ensemble, columns: &Columns, table: &Table) {
    for row in table.rows() {
        let row: Vec<f32> = columns.encode(row).collect();
        for tree in &mut ensemble.trees {
            let mut place = 0;
            loop {
                match &mut tree.nodes[place] {
                    Node::Split { column, threshold, left, right, cover } => {
                        *cover += 1.0;
                        place = if row[*column] <= *threshold { *left } else { *right };
                    }
                    Node::Leaf(leaf) => {
                        leaf.cover += 1.0;
                        break;
                    }
                }
            }
        }
    }
}
