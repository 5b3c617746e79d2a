//! Other people's programs judge what mlstack writes. `cargo xtask test` brings them.

mod apiserver;
mod checkov;
mod cluster;
mod controllers;
mod editor;
mod exceptions;
mod foreign;
mod grafana;
mod kube_linter;
mod kube_score;
mod kubectl;
mod kubeseal;
mod mlflow;
mod postgres;
mod prometheus;
mod promtool;
mod quantities;
mod recipes;
mod release;
mod schemas;
mod stored;
mod tools;
mod workflows;
