//! Real servers for tests, on free ports of loopback. Dropping one ends it and removes what it wrote.
//!
//! Everything here panics with what the server said: it is for tests alone.
#![allow(clippy::missing_panics_doc)]

mod mlflow;
mod postgres;
mod s3;
mod server;
mod tools;

pub use mlflow::Mlflow;
pub use postgres::{Postgres, as_nobody};
pub use s3::S3;
pub use server::{Server, free_port};
pub use tools::{repository, run, tool};
