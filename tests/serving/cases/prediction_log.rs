//! The prediction log on a real PostgreSQL, in bad weather: what was recorded arrives once and in order, or is
//! counted.

mod disks;
mod logins;
mod outages;
mod rows;

use std::{
    thread,
    time::{Duration, Instant, SystemTime},
};

use prediction_log::{Counts, Destination, Origin, PredictionLog, Settings, Writer, start};
use servers::Postgres;
use tempfile::TempDir;

const MIB: u64 = 1 << 20;
const PASSWORD: &str = "it's a $ecret";

/// A server, a database for the log, and a folder for its spool.
struct Room {
    server: Postgres,
    spool: TempDir,
}

impl Room {
    fn new() -> Self {
        let room = Self { server: Postgres::start(), spool: tempfile::tempdir().expect("a folder") };
        room.server.database("predictions", PASSWORD);
        room
    }

    fn destination(&self) -> Destination {
        Destination::Postgres {
            url: format!("postgresql://127.0.0.1:{}/predictions", self.server.port()),
            user: Some("predictions".into()),
            password: Some(PASSWORD.to_owned().into()),
            spool: self.spool.path().join("spool"),
            spool_limit: 64 * MIB,
        }
    }

    /// Starts a log and waits for its table, which from now on remembers the order of arrival.
    fn log(&self) -> (PredictionLog, Writer) {
        let (log, writer) = start(self.destination(), &brisk()).expect("a log");
        until(&log, |counts| counts.connected);
        self.sql("ALTER TABLE prediction ADD COLUMN IF NOT EXISTS arrived bigserial");
        (log, writer)
    }

    fn sql(&self, statement: &str) -> String {
        self.server.superuser("predictions", statement)
    }

    /// The inputs of all rows as they arrived.
    fn arrived(&self) -> Vec<u64> {
        let rows = self.sql("SELECT inputs FROM prediction ORDER BY arrived");
        rows.lines().map(|row| row.parse().expect("a number")).collect()
    }
}

/// Small batches, so that a test sees many.
fn brisk() -> Settings {
    Settings { queue_bytes: 1 << 20, batch_bytes: 16 << 10, linger: Duration::from_millis(20) }
}

fn record(log: &PredictionLog, rows: impl IntoIterator<Item = u64>) {
    let origin = Origin { time: SystemTime::now(), model: "diabetes", version: "3" };
    log.record(origin, rows.into_iter().map(|row| (row, row)));
}

/// A thousand rows a second or so: long enough for things to happen meanwhile.
fn record_slowly(log: &PredictionLog, rows: std::ops::Range<u64>) {
    for row in rows {
        record(log, [row]);
        if row % 10 == 0 {
            thread::sleep(Duration::from_millis(2));
        }
    }
}

fn until(log: &PredictionLog, what: impl Fn(Counts) -> bool) -> Counts {
    let end = Instant::now() + Duration::from_secs(40);
    while !what(log.counts()) {
        assert!(Instant::now() < end, "{:?}", log.counts());
        thread::sleep(Duration::from_millis(5));
    }
    log.counts()
}

fn numbers(range: std::ops::Range<u64>) -> Vec<u64> {
    range.collect()
}
