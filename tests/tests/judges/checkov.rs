//! checkov's policies for Kubernetes.

use std::process::Command;

use serde_json::Value;

use crate::{
    exceptions::{Finding, judge},
    tools::{manifests, run, stdout, tool},
};

#[test]
fn checkov_finds_nothing_but_what_is_excepted() {
    let mut found = Vec::new();
    for (name, folder) in manifests() {
        let mut checkov = Command::new(tool("checkov"));
        checkov
            .args(["--framework", "kubernetes", "--output", "json", "--skip-download", "--directory"])
            .arg(folder.path());
        let report: Value = serde_json::from_str(&stdout(&run(&mut checkov))).expect("checkov reports JSON");
        let passed = report["summary"]["passed"].as_u64().unwrap_or_default();
        assert!(passed > 200, "checkov looked at everything in {name}: {}", report["summary"]);
        assert_eq!(report["summary"]["parsing_errors"], 0);
        found.extend(report["results"]["failed_checks"].as_array().into_iter().flatten().map(finding));
    }
    judge("checkov", found);
}

fn finding(failed: &Value) -> Finding {
    let text = |key: &str| failed[key].as_str().unwrap_or_default().to_owned();
    // `Deployment.mlops.mlflow`
    let resource = text("resource");
    let mut parts = resource.splitn(3, '.');
    let (kind, name) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    Finding { check: text("check_id"), object: format!("{kind} {name}"), said: text("check_name") }
}
