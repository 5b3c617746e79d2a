//! Tests that need nothing but Rust.

mod commands;
mod compare;
mod compile_fail;
mod determinism;
mod errors;
mod findings;
mod hatch;
mod namespaces;
mod pin;
mod properties;
mod readme;
mod references;
mod schemas;
mod scopes;
mod secrets;
mod snapshots;
mod workflows;
mod yaml;
