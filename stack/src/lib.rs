//! mlstack: an environment file and its model files become a directory of Kubernetes manifests.
//!
//! Data flows one way: `environments/x.yaml` and `models/*.yaml` → [`Environment`] →
//! [`stack::stack`] → components → objects → `out/x/*.yaml`. Everything up to [`compile`] is a pure
//! function of the files' text: no clock, no randomness, no network, no variables.
//!
//! Architecture invariant: nothing here speaks HTTP or to a cluster.

pub mod commands;
pub mod compare;
mod compile;
mod environment;
mod output;
pub mod pin;
mod project;
pub mod schema;
mod sealed;
mod secrets;
pub mod stack;

pub use compile::{Artifacts, compile};
pub use environment::{Environment, EnvironmentFile, Kubernetes, ModelEntry};
pub use output::{Changes, Output};
pub use project::{Failure, Missing, Project, Source, Sources};
