//! The web page in a real browser, with real APIs behind it.

mod batch;
mod between;
mod flows;
pub mod forms;
mod home;
mod odd_files;
mod rows;
pub mod stack;
mod states;
mod traffic;
mod watch;
