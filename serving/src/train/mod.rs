//! `serving train` and `serving register`: from data to a version under an alias.

mod data;
mod judged;
mod learnt;
mod plots;
mod promotion;
mod report;
mod specification;
pub mod submission;

pub use data::{Data, NoData, Place, fetch};
pub use judged::{HeldBack, Judged, judge};
pub use learnt::Learnt;
pub use promotion::Condition;
pub use report::report;
pub use specification::hash;
