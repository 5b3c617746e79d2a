//! Backups: real databases are dumped, destroyed and restored by the pods of the manifests.

use std::fs;

use serde_json::json;
use servers::{Postgres, S3};
use sha2::{Digest, Sha256};

use super::{cluster::Cluster, running::Running};
use crate::program::get;

const PASSWORD: &str = "it's a $ecret";
/// A name that needs quoting everywhere.
const ODD: &str = "it's \"ödd\"/100%";

/// A server with the databases of the stack and one more, each with rows.
fn server() -> Postgres {
    let postgres = Postgres::start();
    postgres.superuser("postgres", &format!("ALTER ROLE postgres PASSWORD '{}'", PASSWORD.replace('\'', "''")));
    for name in ["mlflow", "predictions"] {
        postgres.database(name, PASSWORD);
        postgres.superuser("postgres", &format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC"));
    }
    postgres.superuser("postgres", "CREATE DATABASE \"it's \"\"ödd\"\"/100%\" OWNER mlflow");
    for (database, owner) in [("mlflow", "mlflow"), ("predictions", "predictions"), (ODD, "mlflow")] {
        let rows = "SELECT number, md5(number::text) AS text, now() AS time FROM generate_series(1, 5000) AS number";
        postgres.superuser(
            database,
            &format!("SET ROLE {owner}; CREATE TABLE kept AS {rows}; ALTER TABLE kept ADD PRIMARY KEY (number)"),
        );
    }
    // With it in a schema, the schema cannot be dropped alone.
    postgres.superuser("mlflow", "SET ROLE mlflow; CREATE SCHEMA words; CREATE EXTENSION pg_trgm SCHEMA words");
    postgres
}

/// One checksum over all rows, and who owns them.
fn rows(postgres: &Postgres, database: &str) -> String {
    let sum = "SELECT count(*), md5(string_agg(kept::text, '|' ORDER BY number)) FROM kept";
    let owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'kept'";
    format!("{} {}", postgres.superuser(database, sum), postgres.superuser(database, owner))
}

fn local(postgres: &Postgres) -> Cluster {
    Cluster::committed("local")
        .secret("mlops", "postgres", "POSTGRES_USER", "postgres")
        .secret("mlops", "postgres", "POSTGRES_PASSWORD", PASSWORD)
        .service("postgres.mlops.svc.cluster.local:5432", postgres.port())
}

/// Backs up, and gives back the names of the new backups.
fn back_up(cluster: &Cluster, namespace: &str) -> Vec<String> {
    let said = cluster.pod("CronJob", namespace, "backup").run().concat();
    let kept = said.lines().filter_map(|line| line.strip_prefix("kept ")?.split_once(", ").map(|(name, _)| name));
    kept.map(str::to_owned).collect()
}

fn of<'n>(names: &'n [String], database: &str) -> &'n str {
    let start = format!("{database}-2");
    names.iter().find(|name| name.starts_with(&start)).unwrap_or_else(|| panic!("{database}: {names:?}"))
}

fn restore(cluster: &Cluster, namespace: &str, file: &str) -> String {
    cluster.pod("CronJob", namespace, "restore").with("BACKUP_FILE", file).run().concat()
}

fn refused(cluster: &Cluster, file: &str) -> String {
    cluster.pod("CronJob", "mlops", "restore").with("BACKUP_FILE", file).fails()
}

/// Loses rows, tables and whole databases, and gets them back.
fn comes_back(cluster: &Cluster, postgres: &Postgres, namespace: &str) {
    let databases = ["mlflow", "predictions", ODD];
    let before = databases.map(|database| rows(postgres, database));
    let names = back_up(cluster, namespace);
    let files = ["mlflow", "predictions", "it%27s%20%22%C3%B6dd%22%2F100%25"].map(|database| of(&names, database));

    // A table that a newer version would have added, in the way of those that are dropped; lost rows.
    postgres.superuser("mlflow", "CREATE TABLE newer (number integer REFERENCES kept); DELETE FROM kept");
    for database in ["predictions", "\"it's \"\"ödd\"\"/100%\""] {
        postgres.superuser("postgres", &format!("DROP DATABASE {database}"));
    }
    let said = files.map(|file| restore(cluster, namespace, file));
    assert!(said[0].contains("replacing what is in mlflow") && said[1].contains("making predictions"), "{said:?}");
    assert_eq!(databases.map(|database| rows(postgres, database)), before);
    assert_eq!(postgres.superuser("mlflow", "SELECT to_regclass('newer')"), "");
    assert_eq!(postgres.superuser("mlflow", "SELECT words.similarity('word', 'word')"), "1");
    // Their owners get in, and nobody else, as before.
    for (role, database, gets_in) in
        [("mlflow", "mlflow", true), ("predictions", "predictions", true), ("mlflow", "predictions", false)]
    {
        let asked = postgres.query(role, PASSWORD, database, "SELECT count(*) FROM kept");
        assert_eq!(asked.status.success(), gets_in, "{role} in {database}: {asked:?}");
    }
}

#[test]
fn what_was_destroyed_comes_back_from_a_claim_and_its_age_is_known() {
    let postgres = server();
    let cluster = local(&postgres);
    // Before there is a backup, nothing is told of one.
    let pod = cluster.pod("Deployment", "mlops", "backups");
    let watch = pod.start().ready();
    assert_eq!(watch.metrics(), "");

    comes_back(&cluster, &postgres, "mlops");
    watch.until("a metric", |watch| watch.metrics().contains("backup_files"));
    let metrics = watch.metrics();
    for name in ["backup_last_success_timestamp_seconds", "backup_size_bytes", "backup_files"] {
        let series: Vec<_> = metrics.lines().filter(|line| line.starts_with(name)).collect();
        assert_eq!(series.len(), 4, "{metrics}");
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    let odd = r#"backup_last_success_timestamp_seconds{database="it's \"ödd\"/100%"}"#;
    let age = now - watch.metric(odd).unwrap_or_else(|| panic!("{metrics}"));
    assert!((0.0..120.0).contains(&age), "{age}");
    assert_eq!(watch.metric(r#"backup_files{database="mlflow"}"#), Some(1.0));

    // The metric is of files: when they are gone, so is it; and what cannot be seen is not told.
    let claim = cluster.claim("mlops", "backups");
    for file in fs::read_dir(&claim).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    watch.until("no metric", |watch| watch.metrics().is_empty());
    Running::stop(watch);
}

#[test]
fn only_so_many_are_kept() {
    let postgres = server();
    let cluster = local(&postgres);
    let claim = cluster.claim("mlops", "backups");
    let runs: Vec<_> = (0..3)
        .map(|_| {
            // A name has whole seconds.
            std::thread::sleep(std::time::Duration::from_secs(1));
            let said = cluster.pod("CronJob", "mlops", "backup").with("BACKUP_KEEP", "2").run().concat();
            (said.matches("\nremoved ").count() + usize::from(said.starts_with("removed ")), files(&claim).len())
        })
        .collect();
    assert_eq!(runs, [(0, 8), (0, 16), (4, 16)]);
}

fn files(folder: &std::path::Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_restore_that_cannot_be_changes_nothing() {
    let postgres = server();
    let cluster = local(&postgres);
    postgres.superuser("postgres", "CREATE ROLE somebody");
    postgres.superuser("mlflow", "CREATE TABLE theirs (); ALTER TABLE theirs OWNER TO somebody");
    let name = of(&back_up(&cluster, "mlops"), "mlflow").to_owned();
    postgres.superuser("mlflow", "DROP TABLE theirs; DROP ROLE somebody; DELETE FROM kept WHERE number > 10");
    let before = rows(&postgres, "mlflow");

    let claim = cluster.claim("mlops", "backups");
    let dump = fs::read(claim.join(&name)).unwrap();
    // Of another moment, with a receipt: as if somebody had put it there.
    let put = |hour: u32, bytes: &[u8]| {
        let name = format!("mlflow-20200101T{hour:02}0000Z.dump");
        let sha256 = Sha256::digest(bytes).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        fs::write(claim.join(&name), bytes).unwrap();
        let receipt = json!({"bytes": bytes.len(), "sha256": sha256}).to_string();
        fs::write(claim.join(format!("{name}.json")), receipt).unwrap();
        name
    };
    let version = postgres.superuser("postgres", "SHOW server_version");
    let version = version.split(' ').next().unwrap();
    let place = dump.windows(version.len()).position(|bytes| bytes == version.as_bytes()).expect("a version");
    let mut newer = dump.clone();
    newer[place..place + 2].copy_from_slice(b"99");
    // PGDMP, then the version of the format.
    let mut format = dump.clone();
    assert!(format.starts_with(b"PGDMP\x01"));
    format[6] = 99;
    for (file, words) in [
        (put(1, &dump[..dump.len() / 2]), "it is cut or damaged"),
        (put(2, &newer), "is of PostgreSQL 99."),
        (put(3, &format), "or a newer one wrote it"),
        (put(4, b"no dump at all"), "it is cut or damaged"),
        // Whole, but of a role that is gone.
        (name.clone(), "mlflow was not restored, and is as it was"),
        (String::new(), "hint: the newest are "),
        ("mlflow-20260101T000000Z.dump".to_owned(), &name),
    ] {
        let said = refused(&cluster, &file);
        assert!(said.contains(words) && said.contains("\n\nhint: "), "{file}: {said}");
        assert!(!said.contains(PASSWORD), "{said}");
        assert_eq!(rows(&postgres, "mlflow"), before, "{file}");
    }
    // Cut after it was kept.
    fs::write(claim.join(&name), &dump[..100]).unwrap();
    let said = refused(&cluster, &name);
    assert!(said.contains("is not what was written"), "{said}");
    // Where there was no database, there is none afterwards.
    fs::write(claim.join(&name), &dump).unwrap();
    postgres.superuser("postgres", "DROP DATABASE mlflow");
    let said = refused(&cluster, &name);
    assert!(said.contains("mlflow was not restored, and is not there, as before"), "{said}");
    assert_eq!(postgres.superuser("postgres", "SELECT count(*) FROM pg_database WHERE datname = 'mlflow'"), "0");
}

/// A server of others, where the login is no superuser, and a store that speaks S3's language.
const EXTERNAL: &str = r#"
kubernetes: "1.34"
namespace: mlops
podCidr: 10.244.0.0/16
secrets: {type: Generated}
objectStore:
  bucket: s3://team-backups/prod
  endpoint: http://s3.example.com:9000
  peer: {type: Addresses, cidr: 192.0.2.7/32}
  access: {type: Secret}
  region: us-east-1
postgres:
  type: External
  host: postgres.example.com
  peer: {type: Addresses, cidr: 192.0.2.8/32}
  sslMode: disable
backups:
  schedule: "@daily"
  to: {type: ObjectStore}
  image: postgres:15
models:
  - {name: iris, registry: {type: ObjectStore}}
"#;

#[test]
fn what_was_destroyed_comes_back_from_an_object_store_by_a_login_that_is_no_superuser() {
    let (postgres, store) = (server(), S3::start("team-backups"));
    // As the documentation says.
    let password = PASSWORD.replace('\'', "''");
    let made = format!("CREATE ROLE backups LOGIN CREATEDB PASSWORD '{password}' IN ROLE mlflow, predictions");
    postgres.superuser("postgres", &made);
    let cluster = Cluster::compiled(EXTERNAL)
        .secret("mlops", "postgres", "BACKUPS_USER", "backups")
        .secret("mlops", "postgres", "BACKUPS_PASSWORD", PASSWORD)
        .secret("mlops", "object-store", "AWS_ACCESS_KEY_ID", "testing")
        .secret("mlops", "object-store", "AWS_SECRET_ACCESS_KEY", "testing")
        .service("postgres.example.com:5432", postgres.port())
        .service("s3.example.com:9000", store.port());
    comes_back(&cluster, &postgres, "mlops");
    let pod = cluster.pod("Deployment", "mlops", "backups");
    let watch = pod.start().ready();
    // Those of others are theirs to back up.
    let files = watch.metrics().lines().filter(|line| line.starts_with("backup_files{")).count();
    assert_eq!(files, 3, "{}", watch.metrics());
    let mut store = store;
    store.kill();
    watch.until("not ready", |watch| get(&watch.url("/ready")).0 == 503);
    assert_eq!((watch.metrics().as_str(), get(&watch.url("/health")).0), ("", 200));
    watch.stop();

    // A database that the login cannot act for is no reason for a backup without it.
    postgres.superuser("postgres", "REVOKE predictions FROM backups");
    let said = cluster.pod("CronJob", "mlops", "backup").fails();
    assert!(said.contains("backups may not dump the database predictions") && said.contains("hint: GRANT"), "{said}");
}
