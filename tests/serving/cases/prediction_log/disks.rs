//! The disk is full.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, SystemTime},
};

use prediction_log::{Destination, Origin, start};
use servers::run;

use super::{MIB, Room, brisk, numbers, record, record_slowly, until};

/// A file system of its own, which ends with the test.
struct Tmpfs<'a>(&'a Path);

impl<'a> Tmpfs<'a> {
    fn mount(folder: &'a Path, size: &str) -> Self {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o"]).arg(format!("size={size}")).arg("tmpfs").arg(folder);
        let said = run(&mut mount);
        assert!(said.status.success(), "this test mounts a tmpfs, for which it must be root: {said:?}");
        Self(folder)
    }
}

impl Drop for Tmpfs<'_> {
    fn drop(&mut self) {
        run(Command::new("umount").arg("--lazy").arg(self.0));
    }
}

#[test]
fn a_full_disk_under_the_spool_costs_rows_and_nothing_else() {
    let mut room = Room::new();
    drop(room.log());
    room.server.kill();
    let disk = tempfile::tempdir().unwrap();
    let _tmpfs = Tmpfs::mount(disk.path(), "256k");
    let Destination::Postgres { url, user, password, .. } = room.destination() else { unreachable!() };
    let spool = disk.path().join("spool");
    let destination = Destination::Postgres { url, user, password, spool: spool.clone(), spool_limit: 64 * MIB };
    let (log, _writer) = start(destination, &brisk()).unwrap();
    record_slowly(&log, 0..4000);
    let full = until(&log, |counts| counts.spooled_rows + counts.dropped.disk == 4000);
    assert!(full.spooled_rows > 800 && full.dropped.disk > 1000, "{full:?}");
    let on_disk =
        || -> u64 { fs::read_dir(&spool).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum() };
    assert_eq!(on_disk(), full.spooled_bytes, "nothing half written stays");

    // Somebody makes room, and later the server is back.
    run(Command::new("mount").args(["-o", "remount,size=8m"]).arg(disk.path()));
    record_slowly(&log, 4000..5000);
    let wide = until(&log, |counts| counts.spooled_rows == full.spooled_rows + 1000);
    assert_eq!(wide.dropped, full.dropped);
    room.server.restart();
    until(&log, |counts| counts.written == wide.spooled_rows);
    let arrived = room.arrived();
    assert!(arrived.is_sorted() && arrived.ends_with(&numbers(4000..5000)));
    assert_eq!(arrived.len() as u64 + full.dropped.disk, 5000);
}

#[tokio::test]
async fn a_full_disk_under_json_lines_leaves_whole_lines() {
    let disk = tempfile::tempdir().unwrap();
    let _tmpfs = Tmpfs::mount(disk.path(), "128k");
    let destination = Destination::JsonLines { folder: disk.path().into(), stem: "pod".into(), rotate_at: MIB };
    let (log, writer) = start(destination, &brisk()).unwrap();
    record_slowly(&log, 0..2000);
    let full = until(&log, |counts| counts.written + counts.dropped.disk == 2000);
    assert!(full.dropped.disk > 500 && full.written > 300, "{full:?}");
    log.record(Origin { time: SystemTime::now(), model: "diabetes", version: "3" }, [("x".repeat(200_000), 0)]);
    until(&log, |counts| counts.dropped.disk > full.dropped.disk && !counts.connected);
    run(Command::new("mount").args(["-o", "remount,size=8m"]).arg(disk.path()));
    record(&log, 2000..2010);
    writer.close(Duration::from_secs(5)).await;
    let text = fs::read_to_string(disk.path().join("pod.jsonl")).unwrap();
    let row = |line| serde_json::from_str::<serde_json::Value>(line).unwrap()["inputs"].as_u64().unwrap();
    let rows: Vec<u64> = text.lines().map(row).collect();
    assert!(rows.is_sorted() && rows.ends_with(&numbers(2000..2010)));
    assert_eq!(rows.len() as u64, log.counts().written);
    assert!(log.counts().connected);
}
