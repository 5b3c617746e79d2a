//! The server does not trust us, or we do not trust the server.

use std::{
    io::{self, Write},
    process::Command,
    sync::{Arc, LazyLock, Mutex},
    thread,
    time::Duration,
};

use prediction_log::{Destination, Error, start};
use secrecy::SecretString;
use servers::run;

use super::{MIB, Room, brisk, record, until};

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
    until(&log, |_| told().contains("the user may not make, fill or read the table prediction"));
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
    static TOLD: LazyLock<Text> = LazyLock::new(|| {
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
