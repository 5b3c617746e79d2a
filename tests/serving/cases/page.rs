//! The web page in a real browser, with real APIs behind it.

mod between;
mod files;
mod flows;
pub mod forms;
mod stack;
mod states;
mod traffic;
mod watch;
