//! The program of the serving image, with real servers around it. `cargo xtask test` brings them.

mod container;
mod image;
