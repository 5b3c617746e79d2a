//! The program of the serving image with its real neighbours: MLflow, PostgreSQL, an S3 server, Python.
// Helpers of tests may stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod alias;
mod broken;
mod cache;
mod container;
mod data;
mod day;
mod image;
mod keys;
mod limits;
mod predictions;
mod program;
mod project;
mod promotion;
mod registry;
mod registry_weather;
mod requests;
mod stop;
mod stub;
mod wire;
