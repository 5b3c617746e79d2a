//! What becomes of a table and its rows.

use std::{
    fs,
    time::{Duration, SystemTime},
};

use prediction_log::{Destination, Origin, start};
use serde_json::value::RawValue;

use super::{MIB, Room, brisk, numbers, record, until};

#[test]
fn eight_pods_start_on_an_empty_database() {
    let room = Room::new();
    // Slow enough that all of them find no table.
    room.sql(
        "CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.2); END';
         CREATE EVENT TRIGGER slow ON ddl_command_start EXECUTE FUNCTION slow()",
    );
    let logs: Vec<_> = (0..8)
        .map(|pod| {
            let Destination::Postgres { url, user, password, spool, .. } = room.destination() else { unreachable!() };
            let spool = spool.join(pod.to_string());
            start(Destination::Postgres { url, user, password, spool, spool_limit: MIB }, &brisk()).unwrap()
        })
        .collect();
    for (pod, (log, _)) in (0..).zip(&logs) {
        record(log, pod * 100..pod * 100 + 100);
    }
    for (log, _) in &logs {
        until(log, |counts| counts.written == 100 && counts.connected);
    }
    assert_eq!(room.sql("SELECT count(*), count(DISTINCT inputs) FROM prediction"), "800|800");
    assert_eq!(room.sql("SELECT count(*) FROM pg_indexes WHERE tablename = 'prediction'"), "2");
    let log = fs::read_to_string(room.server.socket().join("log")).unwrap();
    assert!(!log.contains("ERROR"), "{log}");
}

#[test]
fn rows_that_postgresql_cannot_hold_hold_up_no_others() {
    let room = Room::new();
    let (log, _writer) = room.log();
    let poison = [r#""\u0000""#, r#"{"a": "\ud800"}"#, r#"{"a": 1e400000}"#];
    record(&log, 0..50);
    for json in poison {
        let raw = RawValue::from_string(json.into()).unwrap();
        log.record(Origin { time: SystemTime::now(), model: "diabetes", version: "3" }, [(&raw, 0)]);
        record(&log, [50]);
    }
    record(&log, 51..100);
    let counts = until(&log, |counts| counts.written + counts.dropped.refused == 105);
    assert_eq!((counts.dropped.refused, counts.dropped.total(), counts.spooled_rows), (3, 3, 0));
    let mut expected = numbers(0..100);
    expected.splice(50..50, [50, 50]);
    assert_eq!(room.arrived(), expected);
}

#[test]
fn a_row_is_what_was_recorded() {
    let room = Room::new();
    let (log, _writer) = room.log();
    let time = SystemTime::UNIX_EPOCH + Duration::from_micros(1_795_000_000_123_456);
    let inputs = RawValue::from_string("{\"Glucose\":\n 120.50, \"name\": \"é\\\\n\"}".into()).unwrap();
    let outputs = serde_json::json!({"probability": 0.25, "label": null});
    log.record(
        Origin { time, model: "wine \"é\"", version: "12" },
        [(&inputs, &outputs), (&inputs, &serde_json::Value::Null)],
    );
    until(&log, |counts| counts.written == 2);
    let row = room.sql("SELECT extract(epoch FROM at), model, version, inputs, outputs FROM prediction ORDER BY id");
    let json = r#"{"name": "é\\n", "Glucose": 120.50}|{"label": null, "probability": 0.25}"#;
    let (first, second) = row.split_once('\n').unwrap();
    assert_eq!(first, format!("1795000000.123456|wine \"é\"|12|{json}"));
    assert!(second.ends_with("|null"), "{second}");
    let plan = room.sql(
        "SET enable_seqscan = off; EXPLAIN SELECT inputs FROM prediction
         WHERE model = 'diabetes' AND version = '3' ORDER BY at DESC LIMIT 500",
    );
    assert!(plan.contains("Index Scan Backward using prediction_newest") && !plan.contains("Sort"), "{plan}");
}
