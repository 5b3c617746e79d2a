//! The serving image with its real neighbours: MLflow, PostgreSQL, an S3 server, and Python.
// Helpers of tests may stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod registry;
