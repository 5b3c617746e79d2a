//! The program of the serving image: it trains a model, registers it, serves it, and follows the registry.
//!
//! Architecture invariant: nothing here knows Kubernetes. What a pod needs to know comes by flags and variables.

pub mod backup;
pub mod commands;
pub mod drift;
pub mod model;
pub mod sample;
pub mod serve;
pub mod train;
