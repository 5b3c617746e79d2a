//! How the log fares, for metrics.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Rows since the start of the process; the spool as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Rows that the destination confirmed.
    pub written: u64,
    /// Rows that are lost.
    pub dropped: Dropped,
    /// Rows that wait on disk.
    pub spooled_rows: u64,
    /// Bytes of them.
    pub spooled_bytes: u64,
    /// Whether the destination was there when it was last asked.
    pub connected: bool,
}

/// Rows that are lost, by what would not have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dropped {
    /// Memory: more was recorded than could be written, or the log was closed.
    pub queue: u64,
    /// The disk: the spool's bound, or a disk that is full or broken.
    pub disk: u64,
    /// The destination, for good: a row that PostgreSQL or JSON cannot hold.
    pub refused: u64,
}

impl Dropped {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.queue + self.disk + self.refused
    }
}

#[derive(Default)]
pub(crate) struct Counters {
    pub written: AtomicU64,
    pub queue: AtomicU64,
    pub disk: AtomicU64,
    pub refused: AtomicU64,
    pub spooled_rows: AtomicU64,
    pub spooled_bytes: AtomicU64,
    pub connected: AtomicBool,
}

impl Counters {
    pub fn read(&self) -> Counts {
        let dropped = Dropped {
            queue: self.queue.load(Relaxed),
            disk: self.disk.load(Relaxed),
            refused: self.refused.load(Relaxed),
        };
        Counts {
            written: self.written.load(Relaxed),
            dropped,
            spooled_rows: self.spooled_rows.load(Relaxed),
            spooled_bytes: self.spooled_bytes.load(Relaxed),
            connected: self.connected.load(Relaxed),
        }
    }
}
