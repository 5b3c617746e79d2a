//! A new champion that is no good is refused, and the old one stays.

use std::{collections::BTreeMap, fs, time::SystemTime};

use bytes::Bytes;
use registry::{File, Submission};
use serde_json::{Value, json};

use crate::{
    program::{done, serving},
    project::{Project, promote, rows, with},
};

/// `ModelProto { graph: GraphProto { node: [NodeProto { op_type: "Gemm" }] } }`.
const NO_TREES: &[u8] = b"\x3a\x08\x0a\x06\x22\x04Gemm";

/// The files of a version, as they were registered.
pub fn files(registry: &str, version: &str) -> Vec<File> {
    with(registry, async |registry| {
        let versions = registry.versions("iris-model").await.unwrap();
        let version = versions.iter().find(|one| one.number == version).unwrap();
        registry.files(version, 1 << 20).await.unwrap()
    })
}

/// Registers a version with these files, and makes it the champion.
pub fn register(registry: &str, model_files: Vec<File>) -> String {
    let submission = Submission {
        model: "iris-model".into(),
        experiment: "by hand".into(),
        run_name: "by hand".into(),
        params: BTreeMap::new(),
        metrics: BTreeMap::new(),
        tags: BTreeMap::new(),
        model_files,
        run_files: Vec::new(),
        started: SystemTime::now(),
    };
    let number = with(registry, async |registry| registry.register(submission).await.unwrap().number);
    promote(registry, &number);
    number
}

/// These files with another content of one of them.
pub fn with_other(files: &[File], path: &str, bytes: &[u8]) -> Vec<File> {
    assert!(files.iter().any(|file| file.path == path));
    let other = |file: &File| {
        let bytes = if file.path == path { Bytes::copy_from_slice(bytes) } else { file.bytes.clone() };
        File { path: file.path.clone(), bytes }
    };
    files.iter().map(other).collect()
}

/// A version of the same name that knows other features.
fn of_other_features(project: &Project) {
    let stated = fs::read_to_string(project.model_file()).unwrap().replace("sepal_width", "sepal_height");
    fs::write(project.path("other.yaml"), stated).unwrap();
    let data = fs::read_to_string(project.path("iris.csv")).unwrap().replace("sepal_width", "sepal_height");
    fs::write(project.path("other.csv"), data).unwrap();
    let (file, registry, data) = (project.text("other.yaml"), project.registry(), project.text("other.csv"));
    done(&mut serving(&["train", "--model-file", &file, "--registry", &registry, "--data", &data]));
}

#[test]
fn a_champion_that_cannot_be_served_leaves_the_old_one() {
    let project = Project::new();
    let registry = project.registry();
    project.train(&registry, 0);
    let good = files(&registry, "1");
    let onnx = good.iter().find(|file| file.path == "model.onnx").unwrap().bytes.clone();
    let api = project.serve(&registry, &[]).ready();
    let refused = |number: &str, words: &str, errors: f64| {
        api.until(words, |api| api.metric("model_load_errors_total") == Some(errors));
        let log = api.log();
        let told = log.lines().rfind(|line| line.contains("the version is not served")).unwrap_or_default();
        let told: Value = serde_json::from_str(told).unwrap();
        assert_eq!((&told["level"], &told["version"]), (&json!("ERROR"), &json!(number)), "{told}");
        assert!(told["reason"].as_str().is_some_and(|reason| reason.contains(words)), "{words}: {told}");
        assert_eq!(told["stays"], json!("1"), "{told}");
        let (status, answer) = api.predict(&rows()[0]);
        assert_eq!((status, &answer["model_version"]), (200, &json!("1")));
    };

    let mut errors = 0.0;
    let half = onnx.len() / 2;
    for (files, words) in [
        (with_other(&good, "model.onnx", &onnx[..half]), "no ONNX file, or a part of one"),
        (with_other(&good, "model.onnx", b""), "no ONNX file"),
        (with_other(&good, "model.onnx", NO_TREES), "the operator Gemm"),
        (with_other(&good, "MLmodel", b"flavors: [\n"), "MLmodel cannot be read"),
        (
            with_other(&good, "MLmodel", b"flavors: {onnx: {data: other.onnx}}\n"),
            "names other.onnx, which is not there",
        ),
        (with_other(&good, "reference.json", b"{"), "reference.json cannot be read"),
        (Vec::new(), "no .onnx file"),
    ] {
        errors += 1.0;
        refused(&register(&registry, files), words, errors);
    }
    of_other_features(&project);
    refused("9", "sepal_height", errors + 1.0);
    // A file that was cut on the disk of the registry.
    let number = register(&registry, with_other(&good, "requirements.txt", b"a file of its own"));
    errors += 2.0;
    api.until("the tenth", |api| api.version() == Some(number.clone()));
    promote(&registry, "1");
    api.until("the first", |api| api.version().as_deref() == Some("1"));
    let found = servers::run(std::process::Command::new("find").arg(&registry).args(["-name", "requirements.txt"]));
    let found = String::from_utf8(found.stdout).unwrap();
    let own = found.lines().find(|path| fs::read(path).unwrap() == b"a file of its own").unwrap();
    fs::write(own, "a file").unwrap();
    promote(&registry, &number);
    refused(&number, "is damaged", errors);

    // A refused version is not asked for with each poll, and a good one is served as ever.
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(api.metric("model_load_errors_total"), Some(errors));
    project.train(&registry, 1);
    api.until("version 11", |api| api.version().as_deref() == Some("11"));
    assert_eq!(api.predict(&rows()[0]).1["class"], json!("versicolor"));
}
