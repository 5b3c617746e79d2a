//! Programs that run to their end, again and again.

use super::{Kind, Unfinished};
use crate::values::Schedule;

/// Jobs by a schedule, one at a time.
#[derive(Debug)]
pub enum CronJob {}

/// When a `CronJob` makes a Job.
#[derive(Debug, Clone)]
pub(crate) struct Recurrence {
    pub(crate) schedule: Schedule,
    /// Never by itself: it is a template of Jobs that somebody starts.
    pub(crate) by_hand: bool,
}

impl Unfinished<'_, CronJob> {
    /// Finishes the workload.
    pub fn run(self) {
        self.finish();
    }

    /// It makes no Job by itself: `kubectl create job NAME --from=cronjob/X` does.
    pub fn by_hand(mut self) -> Self {
        if let Kind::CronJob(recurrence) = &mut self.spec.kind {
            recurrence.by_hand = true;
        }
        self
    }
}
