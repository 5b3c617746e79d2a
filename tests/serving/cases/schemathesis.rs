//! Requests that schemathesis makes of `/openapi.json`, right and wrong ones: every answer is one that is described.

use servers::{repository, run};

use crate::{
    program::{Api, done, model_file, serving},
    samples::{CHURN, churn, diabetes},
};

/// No operation makes anything that another one needs, so nothing is to be found by asking them in turn. That a tensor has as
/// many values as its shape says no schema can say, so some requests that fit the schema are refused.
const CONFIG: &str = "[phases.stateful]
enabled = false
[[operations]]
include-path-regex = '/infer$'
checks.positive_data_acceptance.enabled = false
";

#[test]
fn open_to_everybody() {
    conforms(&model_file("diabetes"), &diabetes(), &[], &[]);
}

#[test]
fn with_keys() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("churn.yaml");
    std::fs::write(&file, CHURN).unwrap();
    let keys = [("API_KEY", "old,new"), ("MONITORING_TOKEN", "watching")];
    conforms(&file.to_string_lossy(), &churn(), &keys, &["X-API-Key: new", "Authorization: Bearer watching"]);
}

fn conforms(model_file: &str, csv: &str, keys: &[(&str, &str)], headers: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    std::fs::write(path("data.csv"), csv).unwrap();
    std::fs::write(path("schemathesis.toml"), CONFIG).unwrap();
    let registry = path("registry");
    let data = path("data.csv");
    done(&mut serving(&["train", "--model-file", model_file, "--data", &data, "--registry", &registry]));
    let api = Api::start(model_file, &registry, &[], keys).ready();

    let mut judge = std::process::Command::new(repository().join("target/tools/schemathesis/bin/schemathesis"));
    judge.args(["run", &api.url("/openapi.json"), "--max-examples", "30", "--seed", "1", "--no-color"]);
    judge.args(headers.iter().flat_map(|header| ["--header", header])).current_dir(&folder);
    let judged = run(&mut judge);
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "{said}");
    // It would also be content with no operations and no requests.
    assert!(said.contains("20 selected / 20 total"), "{said}");
    let count = |line: &str| line.trim().split_once(" generated, ")?.0.replace(',', "").parse::<u32>().ok();
    let made = said.lines().find_map(count).unwrap();
    println!("{made} requests");
    assert!(made > 300, "{said}");
}
