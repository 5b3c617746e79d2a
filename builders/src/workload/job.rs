//! Programs that run to their end.

use super::Unfinished;

/// One pod that runs to its end, tried again when it fails.
#[derive(Debug)]
pub enum Job {}

/// A Job that others can wait for.
#[derive(Debug, Clone)]
pub struct Done {
    /// Seconds from apply until it is done or has failed for good.
    pub(crate) within: u32,
    pub(crate) depth: usize,
}

impl Unfinished<'_, Job> {
    /// Seconds for its own work, over all tries; what it waits for comes on top.
    pub fn deadline(mut self, seconds: u32) -> Self {
        self.spec.own_seconds = seconds;
        self
    }

    /// Tries after the first (3 if nothing is said).
    pub fn retries(mut self, count: u32) -> Self {
        self.spec.retries = count;
        self
    }

    /// Finishes the workload.
    pub fn run(self) -> Done {
        let (within, depth) = (self.spec.budget(), self.spec.depth);
        self.finish();
        Done { within, depth }
    }
}
