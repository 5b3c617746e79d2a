//! What watches the stack: rules that alert, dashboards that show. Data only; who makes objects of it stands beside.
//!
//! Both are functions of [`Watched`], so that an alert exists where the thing it is about exists, and nowhere else.

pub mod dashboards;
mod objective;
pub mod rules;
mod watched;

pub use dashboards::{Dashboard, dashboards};
pub use objective::{Objective, Share, Within};
pub use rules::{Group, Rule, rules};
pub use watched::{BackupMetrics, Watched, WatchedApi, WatchedBackups, WatchedDrift};
