//! The program of the serving image with its real neighbours: MLflow, PostgreSQL, an S3 server, Python.
// Helpers of tests may stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod container;
mod data;
mod day;
mod image;
mod interop;
mod program;
mod protocol;
mod quality;
mod registry;
mod schemathesis;
