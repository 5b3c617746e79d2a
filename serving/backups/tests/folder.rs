//! Backups in a folder: what is kept, what goes, and what is refused.

use std::{
    fs::{self, File},
    path::Path,
    time::Duration,
};

use backups::{Error, Listing, SUMS, Store, fetch, keep};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// A store, and a folder where dumps are made.
struct Place {
    store: TempDir,
    dumps: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = || tempfile::tempdir().expect("a folder");
        Self { store: folder(), dumps: folder() }
    }

    fn store(&self) -> Store {
        self.store.path().to_str().expect("text").parse().expect("a store")
    }

    /// Dumps of these databases at this hour of a day, as the manifests' script leaves them.
    fn dump(&self, databases: &[&str], hour: u32) {
        for entry in fs::read_dir(self.dumps.path()).expect("a folder") {
            fs::remove_file(entry.expect("an entry").path()).expect("gone");
        }
        let sums = databases.iter().map(|database| {
            let (name, content) = (name(database, hour), content(database, hour));
            let sum: String =
                Sha256::digest(&content).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
            fs::write(self.dumps.path().join(&name), content).expect("a dump");
            format!("{sum}  {name}\n")
        });
        let sums: Vec<_> = sums.collect();
        fs::write(self.dumps.path().join(SUMS), sums.concat()).expect("sums");
    }

    fn keep(&self, most: usize, later: Duration) -> Result<backups::Kept, Error> {
        let now = Timestamp::now() + later;
        wait(async { keep(self.dumps.path(), &self.store(), most, now).await })
    }

    fn list(&self) -> Listing {
        wait(async { self.store().list().await }).expect("a listing")
    }

    /// Names of whole backups.
    fn names(&self) -> Vec<String> {
        self.list().backups.iter().map(|backup| backup.name.to_string()).collect()
    }

    /// All files of the store.
    fn files(&self) -> Vec<String> {
        files(self.store.path())
    }

    /// Writes to the file `name` of the store.
    fn spoil(&self, name: &str, content: &[u8]) {
        fs::write(self.store.path().join(name), content).expect("written");
    }

    fn fetch(&self, name: &str) -> Result<Vec<u8>, String> {
        let into = tempfile::tempdir().expect("a folder");
        let fetched = wait(async { fetch(name, &self.store(), into.path()).await });
        fetched.map(|_| fs::read(into.path().join(name)).expect("fetched")).map_err(|error| {
            let there = files(into.path());
            assert!(there.iter().all(|file| !file.ends_with("dump")), "nobody may trust these: {there:?}");
            error.to_string()
        })
    }
}

fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().expect("text")).collect();
    names.sort();
    names
}

fn name(database: &str, hour: u32) -> String {
    format!("{database}-20261121T{hour:02}0000Z.dump")
}

/// At two o'clock more than goes to a store at once.
fn content(database: &str, hour: u32) -> Vec<u8> {
    format!("{database} at {hour}, ").into_bytes().repeat(if hour == 2 { 600_000 } else { 900 })
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

const SOON: Duration = Duration::from_mins(1);
const LATER: Duration = Duration::from_hours(25);

#[test]
fn what_went_in_comes_out_under_whatever_name() {
    let place = Place::new();
    let databases = ["a%20b%2F%27", "mlflow", "my-db"];
    place.dump(&databases, 2);
    let kept = place.keep(3, SOON).expect("kept");
    assert_eq!(kept.kept.len(), 3);
    let listing = place.list();
    let seen: Vec<_> = listing.backups.iter().map(|backup| (backup.name.database.as_str(), backup.bytes)).collect();
    let length = |database: &str| content(database, 2).len() as u64;
    assert_eq!(seen, [("a b/'", length(databases[0])), ("mlflow", length("mlflow")), ("my-db", length("my-db"))]);
    for database in databases {
        assert!(place.fetch(&name(database, 2)).expect("fetched") == content(database, 2), "{database}");
    }
}

#[test]
fn of_each_database_the_newest_stay_and_what_has_no_new_dump_is_not_touched() {
    let place = Place::new();
    for hour in 0..3 {
        place.dump(&["gone", "mlflow"], hour);
        place.keep(9, SOON).expect("kept");
    }
    place.dump(&["mlflow"], 3);
    let kept = place.keep(2, SOON).expect("kept");
    assert_eq!(kept.removed, [name("mlflow", 0), name("mlflow", 1)]);
    let gone = (0..3).map(|hour| name("gone", hour));
    let names: Vec<_> = gone.chain([name("mlflow", 2), name("mlflow", 3)]).collect();
    assert_eq!(place.names(), names);
    assert_eq!(place.files().len(), 2 * names.len(), "a dump and a receipt each");
}

#[test]
fn a_dump_that_is_not_what_its_sum_says_is_not_kept_and_costs_no_older_one() {
    let place = Place::new();
    place.dump(&["mlflow"], 1);
    place.keep(1, SOON).expect("kept");
    for spoilt in ["cut", "no sums", "empty sums", "line"] {
        place.dump(&["mlflow", "predictions"], 2);
        let (dump, sums) = (place.dumps.path().join(name("predictions", 2)), place.dumps.path().join(SUMS));
        match spoilt {
            "cut" => File::options().write(true).open(dump).and_then(|file| file.set_len(9)).expect("cut"),
            "no sums" => fs::remove_file(sums).expect("gone"),
            "empty sums" => fs::write(sums, "").expect("written"),
            _ => fs::write(sums, "0123  ../../etc/passwd\n").expect("written"),
        }
        let error = place.keep(1, SOON).expect_err(spoilt).to_string();
        assert!(error.contains("hint: dump again"), "{error}");
        assert!(place.names().contains(&name("mlflow", 1)), "{spoilt}");
        assert!(!place.names().contains(&name("predictions", 2)), "{spoilt}");
        assert!(!place.files().iter().any(|file| file.contains('#')), "{:?}", place.files());
    }
}

#[test]
fn halves_are_no_backups_and_go_when_nobody_can_be_writing_them() {
    let place = Place::new();
    let halves = [name("mlflow", 5), format!("{}.json", name("mlflow", 6)), format!("{}#1", name("mlflow", 7))];
    for half in &halves {
        place.spoil(half, b"half");
    }
    // What somebody else keeps there.
    place.spoil("notes.txt", b"");
    place.spoil("notes.txt#1", b"");
    place.dump(&["mlflow"], 1);
    assert_eq!(place.keep(1, SOON).expect("kept").removed, [""; 0]);
    assert_eq!(place.names(), [name("mlflow", 1)]);
    assert_eq!(place.keep(1, LATER).expect("kept").removed, halves);
    let receipt = format!("{}.json", name("mlflow", 1));
    assert_eq!(place.files(), [name("mlflow", 1), receipt, "notes.txt".to_owned(), "notes.txt#1".to_owned()]);
}

#[test]
fn a_file_that_was_cut_or_changed_later_is_refused() {
    let place = Place::new();
    place.dump(&["mlflow"], 1);
    place.keep(9, SOON).expect("kept");
    place.dump(&["mlflow"], 2);
    place.keep(9, SOON).expect("kept");

    let mut changed = content("mlflow", 2);
    changed[4_000_000] ^= 1;
    place.spoil(&name("mlflow", 2), &changed);
    let error = place.fetch(&name("mlflow", 2)).expect_err("changed");
    assert!(error.contains("is not what was written: its SHA-256 is ") && error.contains("hint: "), "{error}");

    place.spoil(&name("mlflow", 2), &changed[..4_000_000]);
    let error = place.fetch(&name("mlflow", 2)).expect_err("cut");
    assert!(error.contains("not as long as its receipt says"), "{error}");
    assert_eq!((place.names(), place.list().damaged), (vec![name("mlflow", 1)], vec![name("mlflow", 2)]));

    // Neither counts among those that are kept, and a person is to look at it.
    place.dump(&["mlflow"], 3);
    assert_eq!(place.keep(2, LATER).expect("kept").removed, [""; 0]);
    assert_eq!(place.names(), [name("mlflow", 1), name("mlflow", 3)]);
}

#[test]
fn who_asks_for_another_file_is_told_the_newest() {
    let place = Place::new();
    let error = place.fetch("mlflow").expect_err("none");
    assert!(error.contains("hint: there is no backup at all"), "{error}");
    for hour in 0..4 {
        place.dump(&["mlflow", "predictions"], hour);
        place.keep(9, SOON).expect("kept");
    }
    for unknown in [&name("mlflow", 9), "../../etc/passwd", "", "mlflow"] {
        let error = place.fetch(unknown).expect_err(unknown);
        let newest = [("mlflow", 3), ("predictions", 3), ("mlflow", 2), ("predictions", 2), ("mlflow", 1)];
        let newest = newest.map(|(database, hour)| name(database, hour)).join(", ");
        assert!(error.ends_with(&format!("hint: the newest are {newest}")), "{error}");
    }
}

#[test]
fn what_is_no_place_is_refused() {
    for text in ["", "http://mlflow:5000", "ftp://x", "s3://", "mlflow:5000"] {
        let error = text.parse::<Store>().expect_err(text).to_string();
        assert!(error.contains("hint: write /folder"), "{error}");
    }
    let error = "/nowhere/at/all".parse::<Store>().expect_err("no folder").to_string();
    assert!(error.contains("hint: "), "{error}");
}
