//! The parts of a machine-learning stack, one file each.
//!
//! A component is a function from its `Values` and the offers of other components to its own offer:
//! the signature is the dependency graph. To add one, copy the shortest file here and call it in
//! `stack/src/stack.rs`.
//!
//! Architecture invariant: nothing here knows a file, a command line, a cluster or a Kubernetes struct.

pub mod backups;
pub mod definition;
pub mod drift;
pub mod mlflow;
pub mod model_api;
pub mod monitoring;
pub mod object_store;
pub mod postgres;
pub mod prediction_log;
pub mod registry;
pub mod retraining;
pub mod serving;
pub mod training;
pub mod ui;

pub use backups::backups;
pub use definition::{Definition, definition};
pub use drift::drift;
pub use mlflow::{Mlflow, mlflow};
pub use model_api::{ModelApi, model_api};
pub use monitoring::monitoring;
pub use object_store::{ObjectStore, object_store};
pub use postgres::{Postgres, postgres};
pub use prediction_log::PredictionLog;
pub use registry::{Registry, registry};
pub use retraining::retraining;
pub use training::training;
pub use ui::ui;

/// The README's component compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
