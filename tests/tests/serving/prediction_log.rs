//! The prediction log on a real PostgreSQL, in bad weather: what was recorded arrives once and in order, or is
//! counted.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant, SystemTime},
};

use prediction_log::{Counts, Destination, Error, Origin, PredictionLog, Settings, Writer, start};
use secrecy::SecretString;
use serde_json::value::RawValue;
use servers::{Postgres, run};
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
    until(&log, |counts| !counts.connected);
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

#[test]
fn eight_pods_start_on_an_empty_database() {
    let room = Room::new();
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
    log.record(Origin { time, model: "wine \"é\"", version: "12" }, [(&inputs, &outputs), (&inputs, &outputs)]);
    until(&log, |counts| counts.written == 2);
    let row = room.sql("SELECT extract(epoch FROM at), model, version, inputs, outputs FROM prediction LIMIT 1");
    let json = r#"{"name": "é\\n", "Glucose": 120.50}|{"label": null, "probability": 0.25}"#;
    assert_eq!(row, format!("1795000000.123456|wine \"é\"|12|{json}"));
    let plan = room.sql(
        "SET enable_seqscan = off; EXPLAIN SELECT inputs FROM prediction
         WHERE model = 'diabetes' AND version = '3' ORDER BY at DESC LIMIT 500",
    );
    assert!(plan.contains("Index Scan Backward using prediction_newest") && !plan.contains("Sort"), "{plan}");
}

#[test]
fn a_role_that_may_only_insert_uses_the_table_that_is_there() {
    told();
    let room = Room::new();
    drop(room.log());
    room.sql("CREATE ROLE guest LOGIN PASSWORD 'guest'");
    let Destination::Postgres { url, spool, .. } = room.destination() else { unreachable!() };
    let (user, password) = (Some("guest".into()), Some(SecretString::from("guest")));
    let spool = spool.with_file_name("guest");
    let destination = Destination::Postgres { url, user, password, spool, spool_limit: MIB };
    let (log, _writer) = start(destination, &brisk()).unwrap();
    record(&log, 0..10);
    until(&log, |_| told().contains("the user may not make or fill the table prediction"));
    room.sql("GRANT INSERT, SELECT ON prediction TO guest; GRANT USAGE ON SEQUENCE prediction_arrived_seq TO guest");
    until(&log, |counts| counts.written == 10);
}

/// What was told by all logs of this program so far.
fn told() -> String {
    #[derive(Clone, Default)]
    struct Text(Arc<Mutex<Vec<u8>>>);
    impl Write for Text {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("a lock").write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    static TOLD: std::sync::LazyLock<Text> = std::sync::LazyLock::new(|| {
        let text = Text::default();
        let writer = text.clone();
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).init();
        text
    });
    String::from_utf8(TOLD.0.lock().expect("a lock").clone()).expect("text")
}

#[test]
fn a_wrong_password_is_told_once_and_never_shown() {
    told();
    let room = Room::new();
    let Destination::Postgres { url, user, spool, .. } = room.destination() else { unreachable!() };
    let wrong = Some(SecretString::from("wr0ng-passw0rd"));
    let destination = Destination::Postgres { url, user, password: wrong, spool, spool_limit: MIB };
    let (log, _writer) = start(destination, &brisk()).unwrap();
    record(&log, 0..10);
    until(&log, |counts| counts.spooled_rows == 10);
    // Some more tries.
    thread::sleep(Duration::from_secs(1));
    room.sql("ALTER ROLE predictions PASSWORD 'wr0ng-passw0rd'");
    until(&log, |counts| counts.written == 10 && counts.connected);
    let told = told();
    assert_eq!(told.matches("it refuses the user or the password").count(), 1, "{told}");
    assert!(told.contains("check PGUSER and PGPASSWORD"), "{told}");
    for secret in ["wr0ng", "passw0rd", "$ecret"] {
        assert!(!told.contains(secret), "{told}");
    }
}

#[test]
fn tls_is_spoken_to_a_server_that_its_authority_vouches_for() {
    let room = Room::new();
    drop(room.log());
    let folder = room.server.socket();
    let certificate = |name: &str, options: &[&str]| {
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]);
        openssl.args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.crt"), "-subj"]);
        openssl.arg(format!("/CN={name}")).args(options).current_dir(&folder);
        assert!(run(&mut openssl).status.success(), "openssl makes a certificate");
    };
    certificate("authority", &[]);
    certificate("stranger", &[]);
    let signed = ["-CA", "authority.crt", "-CAkey", "authority.key", "-addext", "basicConstraints=critical,CA:FALSE"];
    certificate("server", &[&signed[..], &["-addext", "subjectAltName=IP:127.0.0.1"]].concat());
    run(Command::new("chown").arg("65534").arg(folder.join("server.key")));
    for (setting, value) in [("ssl_cert_file", "server.crt"), ("ssl_key_file", "server.key")] {
        room.sql(&format!("ALTER SYSTEM SET {setting} = '{}'", folder.join(value).display()));
    }
    room.sql("ALTER SYSTEM SET ssl = on");
    room.sql("SELECT pg_reload_conf()");

    let connect = |authority: &str, mode: &str| {
        let Destination::Postgres { url, user, password, spool, .. } = room.destination() else { unreachable!() };
        let url = format!("{url}?sslmode={mode}&sslrootcert={}", folder.join(authority).display());
        let spool = spool.with_file_name(format!("{authority}-{mode}"));
        start(Destination::Postgres { url, user, password, spool, spool_limit: MIB }, &brisk())
    };
    told();
    let (stranger, _writer) = connect("stranger.crt", "require").unwrap();
    record(&stranger, 0..10);
    until(&stranger, |counts| counts.spooled_rows == 10);
    let (log, _writer) = connect("authority.crt", "verify-full").unwrap();
    record(&log, 0..10);
    until(&log, |counts| counts.written == 10);
    assert_eq!(stranger.counts().written, 0);
    until(&log, |_| told().contains("invalid peer certificate"));
    let tls = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
               WHERE application_name = 'prediction-log'";
    assert_eq!(room.sql(tls), "t");
    assert!(matches!(connect("missing.crt", "verify-full"), Err(Error::Authorities { .. })));
}
