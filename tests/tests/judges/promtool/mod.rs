//! promtool: rules are right, alerts are raised when they must be, after the time they should, and not otherwise.

mod bad;
mod quiet;
mod scenario;

use std::{collections::BTreeSet, fs, process::Command};

use components::monitoring::{BackupMetrics, Group, Watched, rules};
use serde_json::json;
use tests::{
    environments,
    manifests::{map, objects, text},
    monitoring::{runbooks, stack, stacks},
};

use self::scenario::Scenario;
use crate::tools::{run, tool};

/// The rules as a file of Prometheus; JSON is YAML.
fn file(groups: &[Group]) -> String {
    json!({"groups": groups}).to_string()
}

/// What promtool says, if it does not like something.
fn promtool(arguments: &[&str], files: &[(&str, String)]) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let done = run(Command::new(tool("promtool")).args(arguments).current_dir(folder.path()));
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    if done.status.success() { Ok(said) } else { Err(said) }
}

fn check(watched: &Watched) -> Result<String, String> {
    let rules = file(&rules(watched, &runbooks()));
    promtool(&["check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"], &[("rules.yaml", rules)])
}

#[test]
fn rules_are_right() {
    for watched in stacks() {
        let said = check(&watched).unwrap_or_else(|said| panic!("{said}"));
        assert!(said.contains("rules found"), "{said}");
    }
}

#[test]
fn a_rule_twice_is_refused() {
    let mut watched = stack(BackupMetrics::Dump);
    watched.apis.push(watched.apis[0].clone());
    assert!(check(&watched).is_err_and(|said| said.contains("repeated")));
}

/// Runs scenarios with the rules of a stack.
fn tried(metrics: BackupMetrics, scenarios: &[Scenario]) -> Result<String, String> {
    let rules = file(&rules(&stack(metrics), &runbooks()));
    let tests = |step: u32| {
        let tests: Vec<_> = scenarios.iter().filter(|scenario| scenario.step == step).map(Scenario::test).collect();
        let every = format!("{step}m");
        json!({"rule_files": ["rules.yaml"], "evaluation_interval": every, "tests": tests}).to_string()
    };
    let files = [("rules.yaml", rules), ("short.yaml", tests(1)), ("long.yaml", tests(10))];
    promtool(&["test", "rules", "short.yaml", "long.yaml"], &files)
}

#[test]
fn nothing_is_raised_while_nothing_is_wrong() {
    let said = tried(BackupMetrics::Dump, &quiet::scenarios());
    assert!(said.is_ok(), "{}", said.unwrap_err());
}

#[test]
fn each_alert_is_raised_when_it_must_be() {
    let said = tried(BackupMetrics::Dump, &bad::scenarios());
    assert!(said.is_ok(), "{}", said.unwrap_err());
    let said = tried(BackupMetrics::BarmanCloud, &bad::of_barman());
    assert!(said.is_ok(), "{}", said.unwrap_err());
}

#[test]
fn every_alert_has_a_scenario() {
    let raised: BTreeSet<_> = bad::scenarios().iter().flat_map(Scenario::raised).collect();
    for group in rules(&stack(BackupMetrics::Dump), &runbooks()) {
        for rule in group.rules.iter().filter(|rule| rule.alert.is_some()) {
            let label = |name: &str| rule.labels.get(name).map(|value| format!(" {value}")).unwrap_or_default();
            let which = [rule.alert.unwrap_or_default(), &label("severity"), &label("reason"), &label("window")];
            assert!(raised.contains(&which.concat()), "nobody tries {}", which.concat());
        }
    }
}

/// What people are told names what it is about.
#[test]
fn words_are_filled_in() {
    let drifts = Scenario::new("two features drift", 10)
        .with(r#"model_drift_detected{JOB,instance="a",feature="tenure"}"#, "1+0x10")
        .with(r#"model_drift_detected{JOB,instance="b",feature="tenure"}"#, "1+0x10")
        .with(r#"model_drift_detected{JOB,instance="a",feature="age"}"#, "1+0x10");
    let expected = json!([{
        "exp_labels": {"severity": "warning", "job": "churn-api", "namespace": "churn-mlops"},
        "exp_annotations": {
            "summary": "churn is asked about other rows than it was trained on",
            "description": "By the last drift report of churn, 2 feature(s) drift: age tenure.",
            "runbook_url": "https://example.com/runbooks/ModelDrift.md",
        },
    }]);
    let mut test = drifts.test();
    test["alert_rule_test"] = json!([{"eval_time": "5m", "alertname": "ModelDrift", "exp_alerts": expected}]);
    let rules = file(&rules(&stack(BackupMetrics::Dump), &runbooks()));
    let tests = json!({"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]}).to_string();
    let said = promtool(&["test", "rules", "tests.yaml"], &[("rules.yaml", rules), ("tests.yaml", tests)]);
    assert!(said.is_ok(), "{}", said.unwrap_err());
}

/// What the operator or the stack's own Prometheus is given.
#[test]
fn rules_of_every_environment_are_right() {
    let mut with_rules = 0;
    for (name, artifacts) in environments::all() {
        let objects = objects(artifacts.compiled.files.values());
        let mut texts = Vec::new();
        for object in &objects {
            match text(object, &["kind"]) {
                "PrometheusRule" => texts.push(serde_yaml::to_string(&object["spec"]).expect("YAML")),
                "ConfigMap" => {
                    texts.extend(map(object, &["data"]).into_values().filter(|text| text.starts_with("groups:")));
                }
                _ => {}
            }
        }
        for text in texts {
            let said =
                promtool(&["check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"], &[("rules.yaml", text)]);
            assert!(said.is_ok_and(|said| said.contains("rules found")), "{name}");
            with_rules += 1;
        }
    }
    assert!(with_rules >= 3, "{with_rules}");
}
