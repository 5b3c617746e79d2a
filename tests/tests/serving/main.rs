//! The program of the serving image with its real neighbours: MLflow, PostgreSQL, an S3 server, Python.
// Helpers of tests may stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod container;
mod contract;
mod day;
mod image;
mod prediction_log;
mod program;
mod registry;
mod traces;
