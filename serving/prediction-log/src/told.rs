//! Says once that something is wrong, and once that it is over: a log line at every try would bury the rest.

use std::collections::BTreeSet;

/// What was said about one thing since it was last right.
#[derive(Default)]
pub(crate) struct Told(BTreeSet<String>);

impl Told {
    /// It is wrong, for this reason.
    pub fn wrong(&mut self, what: &'static str, reason: String) {
        if !self.0.contains(&reason) {
            tracing::warn!(reason, "{what}");
            self.0.insert(reason);
        }
    }

    /// It is right.
    pub fn right(&mut self, what: &'static str) {
        if !self.0.is_empty() {
            tracing::info!("{what}");
            self.0.clear();
        }
    }
}
