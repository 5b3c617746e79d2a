use std::{collections::BTreeMap, fs, path::PathBuf, time::SystemTime};

use bytes::Bytes;
use tempfile::TempDir;

use crate::{Credentials, Error, File, Location, Registry, Submission};

fn file(path: &str, bytes: &[u8]) -> File {
    File { path: path.to_owned(), bytes: Bytes::copy_from_slice(bytes) }
}

fn submission(model: &str, onnx: &[u8]) -> Submission {
    Submission {
        model: model.to_owned(),
        experiment: "trials".to_owned(),
        run_name: "first".to_owned(),
        params: BTreeMap::from([("n_estimators".to_owned(), "100".to_owned())]),
        metrics: BTreeMap::from([("auc_roc".to_owned(), 0.825), ("loss".to_owned(), f64::NAN)]),
        tags: BTreeMap::from([("spec".to_owned(), "é\"\n".to_owned())]),
        model_files: vec![file("model.onnx", onnx), file("MLmodel", b"flavors: {}"), file("a b/[1]*~.json", b"{}")],
        run_files: vec![file("plots/roc.svg", b"<svg/>")],
        started: SystemTime::now(),
    }
}

fn open() -> (TempDir, Registry) {
    let folder = tempfile::tempdir().unwrap();
    let place = Location::Folder(folder.path().join("not/there/yet"));
    let registry = Registry::open(&place, &Credentials::default()).unwrap();
    registry.make().unwrap();
    (folder, registry)
}

/// Files below a folder, relative to it.
fn tree(folder: &std::path::Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return vec![folder.to_owned()] };
    entries.flat_map(|entry| tree(&entry.unwrap().path())).collect()
}

fn find(folder: &TempDir, end: &str) -> PathBuf {
    tree(folder.path()).into_iter().find(|path| path.to_string_lossy().ends_with(end)).unwrap()
}

/// Pods read from a mount that they cannot write, and may start before anything is on it.
#[tokio::test]
async fn who_reads_makes_nothing_and_sees_what_comes() {
    let folder = tempfile::tempdir().unwrap();
    let place = Location::Folder(folder.path().join("registry"));
    let open = || Registry::open(&place, &Credentials::default()).unwrap();
    let (reader, writer) = (open(), open());
    for error in [reader.aliased("iris", "champion").await.unwrap_err(), reader.versions("iris").await.unwrap_err()] {
        assert!(error.is_transient() && error.to_string().contains("the folder is not there"), "{error}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

    writer.make().unwrap();
    assert_eq!(reader.aliased("iris", "champion").await.unwrap(), None);
    assert_eq!(tree(folder.path()).len(), 0);
    writer.register(submission("iris", b"one")).await.unwrap();
    writer.set_alias("iris", "champion", "1").await.unwrap();
    let before = tree(folder.path());
    let version = reader.aliased("iris", "champion").await.unwrap().unwrap();
    assert_eq!(reader.files(&version, 1000).await.unwrap().len(), 3);
    assert_eq!(reader.versions("iris").await.unwrap().len(), 1);
    assert_eq!(tree(folder.path()), before);
}

#[tokio::test]
async fn what_is_registered_comes_back() {
    let (_folder, registry) = open();
    for model in ["iris", "Größe 100% (\"a\")*?#1", ".a..."] {
        assert_eq!(registry.aliased(model, "champion").await.unwrap(), None);
        assert_eq!(registry.versions(model).await.unwrap(), []);
        let first = registry.register(submission(model, b"one")).await.unwrap();
        let second = registry.register(submission(model, b"two")).await.unwrap();
        assert_eq!((first.number.as_str(), second.number.as_str()), ("1", "2"));
        assert_eq!(registry.aliased(model, "champion").await.unwrap(), None);
        registry.set_alias(model, "champion", "2").await.unwrap();
        registry.set_alias(model, "champion", "1").await.unwrap();
        assert_eq!(registry.aliased(model, "champion").await.unwrap().unwrap(), first);
        assert_eq!(registry.newest(model, 1).await.unwrap(), std::slice::from_ref(&second));
        assert_eq!(registry.versions(model).await.unwrap(), [second, first.clone()]);
        assert_eq!(first.tags["spec"], "é\"\n");
        let metrics = registry.metrics(&first).await.unwrap();
        assert!((metrics["auc_roc"] - 0.825).abs() < 1e-15 && metrics["loss"].is_nan());
        let mut wanted = submission(model, b"one").model_files;
        wanted.sort_by(|a, b| a.path.cmp(&b.path));
        assert_eq!(registry.files(&first, 16).await.unwrap(), wanted);
        let error = registry.files(&first, 15).await.unwrap_err();
        assert!(matches!(error, Error::TooLarge { bytes: 16, limit: 15, .. }), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn trainings_at_once_get_versions_of_their_own() {
    let (_folder, registry) = open();
    let tasks: Vec<_> = (0..20)
        .map(|task| {
            let registry = registry.clone();
            tokio::spawn(async move {
                let version = registry.register(submission("iris", format!("model {task}").as_bytes())).await.unwrap();
                registry.set_alias("iris", "champion", &version.number).await.unwrap();
                (version.number, task)
            })
        })
        .collect();
    let mut made = BTreeMap::new();
    for task in tasks {
        let (number, task) = task.await.unwrap();
        assert_eq!(made.insert(number.parse::<u64>().unwrap(), task), None, "version {number} was given twice");
    }
    assert_eq!(made.keys().copied().collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
    let versions = registry.versions("iris").await.unwrap();
    assert!(versions.iter().map(|version| version.number.clone()).eq((1..=20).rev().map(|n: u64| n.to_string())));
    let champion = registry.aliased("iris", "champion").await.unwrap().unwrap();
    for version in versions.iter().chain([&champion]) {
        let files = registry.files(version, 1000).await.unwrap();
        let onnx = &files.iter().find(|file| file.path == "model.onnx").unwrap().bytes;
        assert_eq!(*onnx, format!("model {}", made[&version.number.parse().unwrap()]));
    }
}

#[tokio::test]
async fn damage_is_told_and_not_served() {
    let (folder, registry) = open();
    let version = registry.register(submission("iris", b"0123456789")).await.unwrap();
    let onnx = find(&folder, "model.onnx");
    for (bytes, problem) in [
        (Some(b"01234".as_slice()), "\"model.onnx\" ends after 5 of 10 bytes"),
        (Some(b"0123456789abcdef"), "\"model.onnx\" is longer than its 10 bytes"),
        (Some(b"0123456780"), "\"model.onnx\" has another SHA-256"),
        (None, "\"model.onnx\" is missing"),
    ] {
        bytes.map_or_else(|| fs::remove_file(&onnx), |bytes| fs::write(&onnx, bytes)).unwrap();
        let error = registry.files(&version, 1000).await.unwrap_err();
        assert!(matches!(&error, Error::Damaged { .. }) && !error.is_transient(), "{error:?}");
        assert!(error.to_string().contains(problem), "{error}");
    }
}

#[tokio::test]
async fn a_folder_that_is_gone_is_no_empty_one() {
    let (folder, registry) = open();
    let made = registry.register(submission("iris", b"one")).await.unwrap();
    let place = folder.path().join("not/there/yet");
    fs::rename(&place, folder.path().join("away")).unwrap();
    for error in [
        registry.aliased("iris", "champion").await.unwrap_err(),
        registry.versions("iris").await.unwrap_err(),
        registry.files(&made, 100).await.unwrap_err(),
    ] {
        assert!(error.is_transient() && error.to_string().contains("the folder is not there"), "{error}");
    }
    fs::rename(folder.path().join("away"), &place).unwrap();
    assert_eq!(registry.versions("iris").await.unwrap(), [made]);
}

#[tokio::test]
async fn what_a_crashed_training_left_is_no_version() {
    let (folder, registry) = open();
    registry.register(submission("iris", b"one")).await.unwrap();
    let model = find(&folder, "versions/1.json").parent().unwrap().parent().unwrap().to_owned();
    // Files without a manifest, and a manifest that was being written: the store's own name for it, and others' names.
    fs::create_dir_all(model.join("files/crashed/model")).unwrap();
    fs::write(model.join("files/crashed/model/model.onnx"), "half").unwrap();
    for name in ["2.json#1", "3.json.tmp", ".4.json", "x.json"] {
        fs::write(model.join("versions").join(name), "{\"model\": \"ir").unwrap();
    }
    assert_eq!(registry.versions("iris").await.unwrap().len(), 1);
    assert_eq!(registry.register(submission("iris", b"two")).await.unwrap().number, "2");
    assert_eq!(registry.versions("iris").await.unwrap().len(), 2);
}

#[tokio::test]
async fn mistakes_are_told_and_change_nothing() {
    let (folder, registry) = open();
    registry.register(submission("iris", b"one")).await.unwrap();
    let before = tree(folder.path());
    for number in ["2", "", "x", "../1", "01x"] {
        let error = registry.set_alias("iris", "champion", number).await.unwrap_err();
        assert!(matches!(error, Error::NoVersion { .. }), "{number}: {error}");
    }
    assert!(registry.set_alias("iris", "../../x", "1").await.is_err());
    assert!(registry.register(submission("a/b", b"")).await.is_err());
    let mut outside = submission("iris", b"one");
    for path in ["../../x", "100%.json", "a#1", "a?"] {
        outside.model_files[0].path = path.to_owned();
        assert!(matches!(registry.register(outside.clone()).await.unwrap_err(), Error::Name { .. }));
    }
    let mut beside = submission("iris", b"one");
    beside.run_files[0].path = "model/extra".to_owned();
    assert!(registry.register(beside).await.is_err());
    assert_eq!(tree(folder.path()), before);

    fs::write(find(&folder, "versions/1.json"), "{}").unwrap();
    let error = registry.versions("iris").await.unwrap_err();
    assert!(!error.is_transient() && error.to_string().contains("no manifest of a version"), "{error}");
}

/// A manifest may come from somebody else, and its paths lead to where its files are written.
#[tokio::test]
async fn a_manifest_cannot_lead_out_of_the_folder() {
    let (folder, registry) = open();
    registry.register(submission("iris", b"one")).await.unwrap();
    let manifest = find(&folder, "versions/1.json");
    let evil = fs::read_to_string(&manifest).unwrap().replace("\"model.onnx\"", "\"../../model.onnx\"");
    fs::write(&manifest, evil).unwrap();
    let version = registry.versions("iris").await.unwrap().remove(0);
    assert!(matches!(registry.files(&version, 1000).await.unwrap_err(), Error::Name { .. }));
}

#[tokio::test]
async fn what_lies_beside_a_version_may_be_replaced() {
    let (_folder, registry) = open();
    let first = registry.register(submission("iris", b"one")).await.unwrap();
    let second = registry.register(submission("iris", b"two")).await.unwrap();
    let files = registry.files(&first, 1000).await.unwrap();
    assert_eq!(registry.attachment(&first, "drift/report.json", 100).await.unwrap(), None);
    for text in ["a longer one", "short"] {
        registry.attach(&first, file("drift/report.json", text.as_bytes())).await.unwrap();
        assert_eq!(registry.attachment(&first, "drift/report.json", 100).await.unwrap().unwrap(), text);
    }
    let error = registry.attachment(&first, "drift/report.json", 4).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    assert_eq!(registry.attachment(&second, "drift/report.json", 100).await.unwrap(), None);
    assert_eq!(registry.attachment(&first, "drift", 100).await.unwrap(), None);
    assert!(matches!(registry.attachment(&first, "../x", 100).await.unwrap_err(), Error::Name { .. }));
    assert_eq!(registry.files(&first, 1000).await.unwrap(), files);
}
