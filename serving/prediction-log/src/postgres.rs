//! Rows on their way to PostgreSQL: from memory while it answers, by way of the spool while it does not.
//!
//! One task takes batches in order, the spool's before the queue's, and sends one at a time. While it waits for
//! the server it goes on moving rows from memory to the spool. A batch whose sending failed goes to the spool
//! under the number that it got when it left the queue, so that nothing overtakes it; whether it arrived after
//! all does not matter, since rows are inserted by id.

mod address;
mod link;
mod trouble;

use std::{
    pin::pin,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::{select, time::sleep};

pub(crate) use address::Address;
use link::Link;
use trouble::Trouble;

use crate::{
    counts::Counters,
    queue::{Batch, Queue},
    spool::Spool,
    told::Told,
    writer::Closing,
};

pub(crate) struct Postgres {
    store: Store,
    link: Link,
    sending: Option<Sending>,
    pauses: ExponentialBackoff,
    told: Told,
}

/// Where rows wait.
struct Store {
    queue: Arc<Queue>,
    spool: Spool,
    counts: Arc<Counters>,
    told: Told,
}

/// The batch that is on its way.
struct Sending {
    number: u64,
    batch: Batch,
    on_disk: bool,
}

impl Postgres {
    pub fn new(address: Address, spool: Spool, queue: Arc<Queue>, counts: Arc<Counters>) -> Self {
        let store = Store { queue, spool, counts, told: Told::default() };
        store.count();
        Self { store, link: Link::new(address), sending: None, pauses: pauses(), told: Told::default() }
    }

    /// Sends until nothing waits and nothing will come, or no time is left; the rest goes to the spool.
    pub async fn run(mut self, closing: Closing) {
        select! {
            biased;
            () = closing.overdue() => {}
            () = self.deliver(&closing) => {}
        }
        if let Some(sending) = self.sending.take() {
            self.store.keep(&sending);
        }
        while let Some(batch) = self.store.queue.pop() {
            self.store.spill(&batch);
        }
    }

    async fn deliver(&mut self, closing: &Closing) {
        while !(self.store.spool.is_empty() && self.store.queue.is_finished()) {
            let Err(trouble) = self.step().await else { continue };
            self.store.counts.connected.store(false, Relaxed);
            self.told.wrong("PostgreSQL takes no predictions, they wait in the spool", trouble.to_string());
            if let Some(sending) = self.sending.take() {
                self.store.keep(&sending);
            }
            if closing.is_asked() {
                return;
            }
            let pause = sleep(self.pauses.next().unwrap_or_default());
            // Who is asked to end tries once more, at once.
            let pause = async {
                select! { () = pause => {}, _ = closing.asked() => {} }
            };
            self.store.meanwhile(true, pause).await;
        }
    }

    /// Sends a batch when there is one, over a new connection if need be.
    async fn step(&mut self) -> Result<(), Trouble> {
        if self.store.spool.is_empty() && self.link.is_open() {
            self.store.queue.ripe().await;
        }
        if !self.link.is_open() {
            self.store.meanwhile(true, self.link.open()).await?;
            // With rows behind it, only their arrival shows that all is well.
            if self.store.spool.is_empty() {
                self.is_well();
            }
        }
        let Some(sending) = self.store.take() else { return Ok(()) };
        let sending = self.sending.insert(sending);
        let arrived = self.store.meanwhile(false, self.link.insert(&sending.batch.text)).await?;
        if let Some(sending) = self.sending.take() {
            self.store.spool.remove(sending.number);
        }
        self.store.counts.written.fetch_add(arrived.written, Relaxed);
        self.store.counts.refused.fetch_add(arrived.refused, Relaxed);
        self.store.count();
        if arrived.refused > 0 {
            tracing::warn!(rows = arrived.refused, "PostgreSQL refuses predictions for good, they are dropped");
        }
        self.is_well();
        Ok(())
    }

    fn is_well(&mut self) {
        self.store.counts.connected.store(true, Relaxed);
        self.told.right("PostgreSQL takes predictions again");
        self.pauses = pauses();
    }
}

impl Store {
    /// The oldest rows: those on disk left memory before those in it.
    fn take(&mut self) -> Option<Sending> {
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
    async fn meanwhile<T>(&mut self, away: bool, something: impl Future<Output = T>) -> T {
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

    fn keep(&mut self, Sending { number, batch, on_disk }: &Sending) {
        if !on_disk {
            let result = self.spool.keep(*number, batch);
            self.kept(result, batch.rows);
        }
    }

    fn spill(&mut self, batch: &Batch) {
        let result = self.spool.append(batch);
        self.kept(result, batch.rows);
    }

    fn kept(&mut self, result: std::io::Result<()>, rows: u64) {
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

    fn count(&self) {
        let (rows, bytes) = self.spool.size();
        self.counts.spooled_rows.store(rows, Relaxed);
        self.counts.spooled_bytes.store(bytes, Relaxed);
    }
}

/// From a tenth of a second to ten, each up to twice as long by chance, so that pods do not return all at once.
fn pauses() -> ExponentialBackoff {
    let (shortest, longest) = (Duration::from_millis(100), Duration::from_secs(10));
    ExponentialBuilder::new()
        .with_min_delay(shortest)
        .with_max_delay(longest)
        .with_factor(2.0)
        .without_max_times()
        .with_jitter()
        .build()
}

/// Without a server; with one they are in the package `tests`.
#[cfg(test)]
mod tests {
    use std::{
        fs,
        time::{Duration, Instant, SystemTime},
    };

    use tempfile::TempDir;

    use crate::{Counts, Destination, Origin, PredictionLog, Settings, Writer, start};

    fn log(folder: &TempDir, spool_limit: u64, settings: &Settings) -> (PredictionLog, Writer) {
        let url = "postgresql://127.0.0.1:1/predictions".into();
        let spool = folder.path().to_owned();
        let destination = Destination::Postgres { url, user: Some("x".into()), password: None, spool, spool_limit };
        start(destination, settings).unwrap()
    }

    fn record(log: &PredictionLog, rows: std::ops::Range<u32>) {
        let origin = Origin { time: SystemTime::now(), model: "diabetes", version: "3" };
        log.record(origin, rows.map(|row| (row, row)));
    }

    async fn until(log: &PredictionLog, what: impl Fn(Counts) -> bool) -> Counts {
        let end = Instant::now() + Duration::from_secs(10);
        while !what(log.counts()) {
            assert!(Instant::now() < end, "{:?}", log.counts());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        log.counts()
    }

    fn spooled(folder: &TempDir) -> String {
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        names.iter().map(|name| fs::read_to_string(name).unwrap()).collect()
    }

    #[tokio::test]
    async fn rows_go_to_the_spool_while_nobody_answers_and_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { linger: Duration::from_millis(10), ..Settings::default() };
        let (log, writer) = log(&folder, 1 << 20, &settings);
        record(&log, 0..10);
        assert!(!until(&log, |counts| counts.spooled_rows == 10).await.connected);
        record(&log, 10..20);
        let begin = Instant::now();
        writer.close(Duration::from_secs(20)).await;
        assert!(begin.elapsed() < Duration::from_secs(5), "there is nobody to wait for");
        let rows: Vec<u64> = spooled(&folder)
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()?["inputs"].as_u64())
            .collect();
        assert_eq!(rows, (0..20).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn every_row_is_on_disk_or_counted() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { queue_bytes: 8000, batch_bytes: 1000, ..Settings::default() };
        let (log, writer) = log(&folder, 5000, &settings);
        for row in 0..1000 {
            record(&log, row..row + 1);
            tokio::time::sleep(Duration::from_micros(20)).await;
        }
        drop(writer);
        let counts = until(&log, |counts| counts.spooled_rows + counts.dropped.total() == 1000).await;
        assert!(counts.dropped.disk > 0 && counts.spooled_rows > 10, "{counts:?}");
        assert!(counts.spooled_bytes > 4000 && counts.spooled_bytes <= 5000, "{counts:?}");
        assert_eq!(spooled(&folder).lines().count() as u64, counts.spooled_rows);
    }
}
