//! The program of the serving image with its real neighbours: MLflow, PostgreSQL, an S3 server, Python.
// Helpers of tests may stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod alias;
mod broken;
mod cache;
mod container;
mod contract;
mod data;
mod day;
mod docs;
mod drift;
mod explain;
mod gcs;
mod image;
mod interop;
mod keys;
mod limits;
mod monitoring;
mod page;
mod prediction_log;
mod predictions;
mod program;
mod project;
mod promotion;
mod protocol;
mod quality;
mod readme;
mod registry;
mod registry_weather;
mod requests;
mod sample;
mod samples;
mod schemathesis;
mod stop;
mod stub;
mod traces;
mod wire;
