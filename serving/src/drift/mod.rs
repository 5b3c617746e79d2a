//! `serving drift`: the rows that a version was asked, beside those it was trained on.
//!
//! The crate `drift` judges; here is where both sides come from, and what is made of the answer: JSON for machines and the API, a
//! table for a terminal, a page for people.

mod page;
mod reference;
mod report;
mod rows;
mod table;

pub use page::page;
pub use reference::{Unfit, window};
pub use report::{LARGEST, PATH, Report, Rows};
pub use rows::{BadWindow, csv, inputs};
pub use table::table;
