//! Tests that need nothing but Rust.

mod cluster_errors;
mod commands;
mod compare;
mod compile_fail;
mod determinism;
mod environments;
mod errors;
mod findings;
mod growth;
mod hatch;
mod monitoring;
mod namespaces;
mod pin;
mod properties;
mod readme;
mod references;
mod scaled;
mod schemas;
mod scopes;
mod seal;
mod secret_objects;
mod secrets;
mod snapshots;
mod workflows;
mod yaml;
