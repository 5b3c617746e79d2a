//! Tree ensembles: from rows of a CSV file to a fitted forest, from a forest to ONNX and back, from a
//! row to probabilities.
//!
//! A *row* holds what people know: one `f32` per feature of the model file, a category as its place in
//! `values`. *Columns* are what the trees know: a one-hot category is one column per value. Rows and
//! trees are `f32` throughout, as ONNX has them; sums are `f64`.
//!
//! Architecture invariant: nothing here opens a file, a socket or a clock. The same rows and the same
//! seed give the same bytes of ONNX on every machine.

mod columns;
mod covers;
mod ensemble;
mod explain;
mod fit;
mod onnx;
mod reference;
mod scores;
mod split;
mod table;
mod transform;
mod walk;

pub use columns::{Column, Columns};
pub use covers::cover;
pub use ensemble::{Ensemble, Leaf, Node, Tree};
pub use explain::{Explainer, Explanation};
pub use fit::{Fitted, Unfit, fit};
pub use onnx::{Foreign, Unreadable, export, import};
pub use reference::{Reference, Sample};
pub use scores::{Calibration, Curve, Scores, calibration, likeliest, roc_curve};
pub use split::{Split, folds, split};
pub use table::{BadData, Table};
pub use transform::Transform;
pub use walk::Predictor;
