//! The web page in a real browser, with real APIs behind it.

mod batch;
mod files;
mod flows;
mod forms;
mod odd_files;
mod rows;
mod stack;
