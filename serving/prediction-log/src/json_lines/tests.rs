//! What is in the files.

use std::{
    fs,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json, value::RawValue};
use tempfile::TempDir;

use crate::{Destination, Error, Origin, PredictionLog, Settings, Writer, start};

const ORIGIN: Origin<'static> = Origin { time: SystemTime::UNIX_EPOCH, model: "diabetes", version: "3" };

fn log(folder: &TempDir, rotate_at: u64, batch_bytes: usize) -> Result<(PredictionLog, Writer), Error> {
    let destination = Destination::JsonLines { folder: folder.path().into(), stem: "pod-1".into(), rotate_at };
    start(destination, &Settings { batch_bytes, ..Settings::default() })
}

fn lines(folder: &TempDir, name: &str) -> Vec<Value> {
    let text = fs::read_to_string(folder.path().join(name)).unwrap();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[tokio::test]
async fn a_row_is_a_line_with_everything() {
    let folder = tempfile::tempdir().unwrap();
    let (log, writer) = log(&folder, 1 << 20, 1 << 10).unwrap();
    let raw = RawValue::from_string("{\n\"Glucose\":\r\n 120.50}".into()).unwrap();
    log.record(ORIGIN, [(&*raw, json!({"probability": 0.5_f32})), (&*raw, json!({"probability": null}))]);
    log.record(ORIGIN, [([(vec![1], 1)].into_iter().collect::<std::collections::BTreeMap<_, _>>(), 0)]);
    writer.close(Duration::from_secs(5)).await;
    log.record(ORIGIN, [(1, 1)]);

    let lines = lines(&folder, "pod-1.jsonl");
    assert_eq!(lines.len(), 2);
    assert!(lines[0]["id"].as_str() < lines[1]["id"].as_str());
    assert_eq!(lines[0]["at"], "1970-01-01T00:00:00.000000Z");
    assert_eq!((&lines[0]["model"], &lines[0]["version"]), (&json!("diabetes"), &json!("3")));
    assert_eq!(lines[0]["inputs"], json!({"Glucose": 120.5}));
    assert_eq!(lines[1]["outputs"], json!({"probability": null}));
    let counts = log.counts();
    // A map whose keys are no text is no JSON, and the last row came after the end.
    assert_eq!((counts.written, counts.dropped.refused, counts.dropped.queue), (2, 1, 1));
    assert!(counts.connected);
}

#[tokio::test]
async fn a_file_that_is_long_enough_becomes_the_generation_before() {
    let folder = tempfile::tempdir().unwrap();
    let (log, writer) = log(&folder, 1500, 500).unwrap();
    log.record(ORIGIN, (0..30).map(|row| (row, row)));
    writer.close(Duration::from_secs(5)).await;
    let (before, now) = (lines(&folder, "pod-1.1.jsonl"), lines(&folder, "pod-1.jsonl"));
    let rows: Vec<i64> = before.iter().chain(&now).filter_map(|line| line["inputs"].as_i64()).collect();
    let first = rows[0];
    assert!(first > 0, "the oldest generation is gone");
    assert_eq!(rows, (first..30).collect::<Vec<_>>());
    for name in ["pod-1.1.jsonl", "pod-1.jsonl"] {
        assert!(fs::metadata(folder.path().join(name)).unwrap().len() <= 1500);
    }
    assert_eq!(log.counts().written, 30);
}

#[tokio::test]
async fn a_half_line_of_a_crash_spoils_no_other() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pod-1.jsonl"), "{\"inputs\": 1}\n{\"inp").unwrap();
    let (log, writer) = log(&folder, 1 << 20, 1 << 10).unwrap();
    log.record(ORIGIN, [(2, 2)]);
    writer.close(Duration::from_secs(5)).await;
    let inputs: Vec<i64> = lines(&folder, "pod-1.jsonl").iter().filter_map(|line| line["inputs"].as_i64()).collect();
    assert_eq!(inputs, [1, 2]);
}

#[tokio::test]
async fn a_file_has_one_writer_and_a_name_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let first = log(&folder, 1000, 100).unwrap();
    assert!(matches!(log(&folder, 1000, 100), Err(Error::InUse(_))));
    first.1.close(Duration::from_secs(5)).await;
    let destination =
        Destination::JsonLines { folder: folder.path().into(), stem: "../elsewhere".into(), rotate_at: 1 };
    assert!(matches!(start(destination, &Settings::default()), Err(Error::Stem(_))));
}
