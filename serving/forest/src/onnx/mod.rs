//! ONNX: the form in which models travel between trainers, registries and servers.
//!
//! Written and read are graphs around one `TreeEnsembleClassifier` (operator set `ai.onnx.ml`,
//! <https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleClassifier.html>): what skl2onnx makes of a
//! scikit-learn forest or gradient boosting, and what `serving train` makes.

mod export;
mod graph;
mod import;
mod inputs;
mod proto;
mod trees;

pub use export::export;
pub use import::{Foreign, Unreadable, import};
