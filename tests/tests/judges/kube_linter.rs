//! kube-linter, with its default checks.

use std::process::Command;

use serde_json::Value;

use crate::{
    exceptions::{Finding, judge},
    tools::{manifests, run, stdout, tool},
};

#[test]
fn kube_linter_finds_nothing_but_what_is_excepted() {
    let mut found = Vec::new();
    for (name, folder) in manifests() {
        let report = run(Command::new(tool("kube-linter")).args(["lint", "--format", "json"]).arg(folder.path()));
        let report: Value = serde_json::from_str(&stdout(&report)).expect("kube-linter reports JSON");
        assert!(report["Checks"].as_array().is_some_and(|checks| checks.len() > 20), "{name}");
        found.extend(report["Reports"].as_array().into_iter().flatten().map(finding));
    }
    judge("kube-linter", found);
}

fn finding(report: &Value) -> Finding {
    let object = &report["Object"]["K8sObject"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let object = format!("{} {}", text(&object["GroupVersionKind"]["Kind"]), text(&object["Name"]));
    Finding { check: text(&report["Check"]), object, said: text(&report["Diagnostic"]["Message"]) }
}
