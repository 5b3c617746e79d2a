//! kube-score, with its default checks.

use std::process::Command;

use serde_json::Value;

use crate::{
    exceptions::{Finding, judge},
    tools::{files, manifests, run, stdout, tool},
};

/// kube-score's grade for a check that found nothing.
const OK: u64 = 10;

#[test]
fn kube_score_finds_nothing_but_what_is_excepted() {
    let mut found = Vec::new();
    for (name, folder) in manifests() {
        let report =
            run(Command::new(tool("kube-score")).args(["score", "--output-format", "json"]).args(files(folder.path())));
        let objects: Vec<Value> = serde_json::from_str(&stdout(&report)).expect("kube-score reports JSON");
        assert!(objects.len() > 10, "{name}");
        found.extend(objects.iter().flat_map(findings));
    }
    judge("kube-score", found);
}

fn findings(object: &Value) -> Vec<Finding> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let name = format!("{} {}", text(&object["type_meta"]["kind"]), text(&object["object_meta"]["name"]));
    let checks = object["checks"].as_array().into_iter().flatten();
    let bad = checks.filter(|check| check["skipped"] != true && check["grade"].as_u64().unwrap_or_default() < OK);
    bad.map(|check| Finding {
        check: text(&check["check"]["id"]),
        object: name.clone(),
        said: check["comments"].to_string(),
    })
    .collect()
}
