//! The side that predicts: a row becomes a line and goes into the queue.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::SystemTime,
};

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::{Counts, counts::Counters, queue::Queue};

/// What the rows of one answer share.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// When it was predicted; kept to the microsecond.
    pub time: SystemTime,
    /// The model's registered name.
    pub model: &'a str,
    /// Its version.
    pub version: &'a str,
}

/// A handle to record with; clones share one log.
#[derive(Clone)]
pub struct PredictionLog {
    queue: Arc<Queue>,
    counts: Arc<Counters>,
}

#[derive(Serialize)]
struct Line<'a, I, O> {
    id: &'a str,
    at: &'a str,
    model: &'a str,
    version: &'a str,
    inputs: I,
    outputs: O,
}

impl PredictionLog {
    pub(crate) fn new(queue: Arc<Queue>, counts: Arc<Counters>) -> Self {
        Self { queue, counts }
    }

    /// Records rows of inputs and outputs, in their order. Never waits for a disk or a server, and never fails:
    /// a row that cannot be kept is counted. A `&RawValue` is the cheapest input where the text is at hand.
    pub fn record<I: Serialize, O: Serialize>(&self, origin: Origin<'_>, rows: impl IntoIterator<Item = (I, O)>) {
        let Origin { time, model, version } = origin;
        let at = Timestamp::try_from(time).unwrap_or_default();
        let at = format!("{at:.6}");
        let mut line = Vec::with_capacity(512);
        for (inputs, outputs) in rows {
            line.clear();
            let mut id = Uuid::encode_buffer();
            let id = &*Uuid::now_v7().hyphenated().encode_lower(&mut id);
            if serde_json::to_writer(&mut line, &Line { id, at: &at, model, version, inputs, outputs }).is_err() {
                self.counts.refused.fetch_add(1, Relaxed);
                continue;
            }
            // JSON has line ends only between tokens; raw values bring them along.
            if line.contains(&b'\n') || line.contains(&b'\r') {
                line.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
            }
            line.push(b'\n');
            if !self.queue.push(&line) {
                self.counts.queue.fetch_add(1, Relaxed);
            }
        }
    }

    /// How the log fares.
    pub fn counts(&self) -> Counts {
        self.counts.read()
    }
}
