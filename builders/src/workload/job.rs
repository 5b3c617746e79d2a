//! Programs that run to their end.

use super::{CronJob, Unfinished};

/// One pod that runs to its end, tried again when it fails.
#[derive(Debug)]
pub enum Job {}

/// What runs to its end.
pub trait Ends {}

impl Ends for Job {}
impl Ends for CronJob {}

/// A Job that others can wait for.
#[derive(Debug, Clone)]
pub struct Done {
    /// Seconds from apply until it is done or has failed for good.
    pub(crate) within: u32,
    pub(crate) depth: usize,
}

impl<K: Ends> Unfinished<'_, K> {
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

    /// Exit codes after which it has failed without another try, since none would help: bad input, a finding. They are
    /// the program's own, not those of a step in another image.
    pub fn fails_for_good_on(mut self, codes: impl IntoIterator<Item = u8>) -> Self {
        self.spec.final_codes.extend(codes);
        self
    }
}

impl Unfinished<'_, Job> {
    /// Finishes the workload.
    pub fn run(self) -> Done {
        let (within, depth) = (self.spec.budget(), self.spec.depth);
        self.finish();
        Done { within, depth }
    }
}
