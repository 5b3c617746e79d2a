//! The server is killed, hangs, and is away for longer than there is room.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use prediction_log::{Destination, start};

use super::{Room, brisk, numbers, record, record_slowly, until};

#[test]
fn rows_arrive_once_and_in_order_though_the_server_is_killed_twice() {
    let mut room = Room::new();
    let (log, _writer) = room.log();
    let recording = thread::spawn({
        let log = log.clone();
        move || record_slowly(&log, 0..10_000)
    });
    for written in [1500, 4000] {
        until(&log, |counts| counts.written >= written);
        room.server.kill();
        let counts = until(&log, |counts| counts.spooled_rows > 500);
        assert!(!counts.connected);
        room.server.restart();
    }
    recording.join().unwrap();
    let counts = until(&log, |counts| counts.written == 10_000);
    assert_eq!((counts.dropped.total(), counts.spooled_rows, counts.spooled_bytes), (0, 0, 0));
    assert!(counts.connected);
    assert_eq!(room.arrived(), numbers(0..10_000));
    assert_eq!(fs::read_dir(room.spool.path().join("spool")).unwrap().count(), 1, "the lock alone");
}

#[test]
fn rows_go_round_a_server_that_hangs() {
    let mut room = Room::new();
    let (log, _writer) = room.log();
    // Once it goes on, and once it is killed with a batch in its hands.
    for (begin, end, killed) in [(0, 12_000, false), (12_000, 24_000, true)] {
        let mut psql = Command::new(servers::tool("psql"));
        psql.args(["--quiet", "--username=postgres", "--dbname=predictions", "--host"]).arg(room.server.socket());
        psql.args(["--port", &room.server.port().to_string(), "--command"]);
        psql.arg("BEGIN; LOCK TABLE prediction; SELECT pg_sleep(3)").stdout(Stdio::null()).stderr(Stdio::null());
        let mut psql = psql.spawn().unwrap();
        until(&log, |_| room.sql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'") != "0");
        // Twice what memory holds.
        for row in begin..end {
            record(&log, [row]);
            if row % 1000 == 0 {
                thread::sleep(Duration::from_millis(20));
            }
        }
        assert!(log.counts().spooled_rows > 4000, "{:?}", log.counts());
        assert_eq!(log.counts().written, begin);
        if killed {
            room.server.kill();
            room.server.restart();
        }
        until(&log, |counts| counts.written == end);
        assert_eq!(log.counts().dropped.total(), 0);
        psql.wait().unwrap();
    }
    assert_eq!(room.arrived(), numbers(0..24_000));
}

#[tokio::test]
async fn what_one_process_leaves_the_next_one_sends_first() {
    let mut room = Room::new();
    let (log, writer) = room.log();
    record(&log, 0..100);
    until(&log, |counts| counts.written == 100);
    room.server.kill();
    record(&log, 100..300);
    writer.close(Duration::from_secs(10)).await;
    assert_eq!((log.counts().spooled_rows, log.counts().dropped.total()), (200, 0));
    let spool = room.spool.path().join("spool");
    let left: Vec<_> = fs::read_dir(&spool).unwrap().map(|entry| entry.unwrap().path()).collect();
    let left: Vec<_> = left.into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();

    let (log, writer) = start(room.destination(), &brisk()).unwrap();
    assert_eq!(log.counts().spooled_rows, 200);
    record(&log, 300..400);
    room.server.restart();
    until(&log, |counts| counts.written == 300);
    record(&log, 400..500);
    writer.close(Duration::from_secs(10)).await;
    assert_eq!(log.counts().written, 400, "close writes what waits");
    assert_eq!(room.arrived(), numbers(0..500));

    // As if it had been killed before it could remove what had arrived.
    for (text, path) in &left {
        fs::write(path, text).unwrap();
    }
    let (log, _writer) = start(room.destination(), &brisk()).unwrap();
    until(&log, |counts| counts.written == 200 && counts.spooled_rows == 0);
    assert_eq!((log.counts().dropped.total(), room.arrived()), (0, numbers(0..500)));
}

#[test]
fn what_the_spool_has_no_room_for_is_counted() {
    let mut room = Room::new();
    drop(room.log());
    room.server.kill();
    let Destination::Postgres { url, user, password, spool, .. } = room.destination() else { unreachable!() };
    let spool = spool.with_file_name("small");
    let destination = Destination::Postgres { url, user, password, spool, spool_limit: 100_000 };
    let (log, _writer) = start(destination, &brisk()).unwrap();
    record_slowly(&log, 0..2000);
    let counts = until(&log, |counts| counts.spooled_rows + counts.dropped.disk == 2000);
    assert!(counts.spooled_rows > 300 && counts.spooled_bytes <= 100_000, "{counts:?}");
    room.server.restart();
    until(&log, |counts| counts.written == counts.spooled_rows + counts.written && counts.connected);
    record(&log, 2000..2010);
    let after = until(&log, |after| after.written == counts.spooled_rows + 10);
    assert_eq!(after.dropped, counts.dropped);
    let arrived = room.arrived();
    assert!(arrived.is_sorted() && arrived.ends_with(&numbers(2000..2010)));
}
