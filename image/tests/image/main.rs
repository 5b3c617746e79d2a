//! The image of a small program of the same name, so that nothing of the real one is compiled here.

mod agreement;
mod archive;
mod bill;
mod project;
mod refused;
mod same;
