//! Without a server; with one they are in the package `tests`.

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
