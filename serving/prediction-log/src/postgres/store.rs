//! Where rows wait: in memory, and on disk for as long as the server keeps them from leaving.

use std::{
    io,
    pin::pin,
    sync::{Arc, atomic::Ordering::Relaxed},
};

use tokio::select;

use crate::{
    counts::Counters,
    queue::{Batch, Queue},
    spool::Spool,
    told::Told,
};

/// Where rows wait.
pub(super) struct Store {
    pub queue: Arc<Queue>,
    pub spool: Spool,
    pub counts: Arc<Counters>,
    told: Told,
}

/// The batch that is on its way.
pub(super) struct Sending {
    pub number: u64,
    pub batch: Batch,
    on_disk: bool,
}

impl Store {
    pub fn new(queue: Arc<Queue>, spool: Spool, counts: Arc<Counters>) -> Self {
        let store = Self { queue, spool, counts, told: Told::default() };
        store.count();
        store
    }

    /// The oldest rows: those on disk left memory before those in it.
    pub fn take(&mut self) -> Option<Sending> {
        match self.spool.oldest() {
            Ok(Some((number, batch))) => Some(Sending { number, batch, on_disk: true }),
            Ok(None) => {
                let batch = self.queue.pop()?;
                Some(Sending { number: self.spool.reserve(), batch, on_disk: false })
            }
            Err((error, rows)) => {
                self.lost(rows, error.to_string());
                None
            }
        }
    }

    /// Waits for something, and lets the spool take what memory should not hold for so long.
    pub async fn meanwhile<T>(&mut self, away: bool, something: impl Future<Output = T>) -> T {
        let mut something = pin!(something);
        loop {
            select! {
                biased;
                result = &mut something => return result,
                () = self.queue.pressing(away) => {
                    if let Some(batch) = self.queue.pop() {
                        self.spill(&batch);
                    }
                }
            }
        }
    }

    pub fn keep(&mut self, Sending { number, batch, on_disk }: &Sending) {
        if !on_disk {
            let result = self.spool.keep(*number, batch);
            self.kept(result, batch.rows);
        }
    }

    pub fn spill(&mut self, batch: &Batch) {
        let result = self.spool.append(batch);
        self.kept(result, batch.rows);
    }

    fn kept(&mut self, result: io::Result<()>, rows: u64) {
        match result {
            Ok(()) => self.told.right("the spool takes predictions again"),
            Err(error) => self.lost(rows, error.to_string()),
        }
        self.count();
    }

    fn lost(&mut self, rows: u64, reason: String) {
        self.counts.disk.fetch_add(rows, Relaxed);
        self.told.wrong("the spool takes no predictions, they are dropped", reason);
        self.count();
    }

    pub fn count(&self) {
        let (rows, bytes) = self.spool.size();
        self.counts.spooled_rows.store(rows, Relaxed);
        self.counts.spooled_bytes.store(bytes, Relaxed);
    }
}
