//! Dashboards as Grafana's own types have them. (Grafana's linter of dashboards is nowhere to be had as a package.)

use std::{
    io::Write,
    process::{Command, Stdio},
};

use components::monitoring::dashboards;
use serde_json::Value;
use tests::{monitoring::stacks, repository};

/// The places of a dashboard that Grafana's types do not know.
fn unknown(dashboard: &str) -> String {
    let python = repository().join("target/tools/dashboards/bin/python");
    assert!(python.is_file(), "Grafana's types are missing: run `cargo xtask tools`");
    let mut command = Command::new(python);
    command.arg(repository().join("tests/tests/judges/grafana.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::inherit()).spawn().expect("python");
    child.stdin.take().expect("a pipe").write_all(dashboard.as_bytes()).expect("it reads");
    let done = child.wait_with_output().expect("it ends");
    assert!(done.status.success());
    String::from_utf8_lossy(&done.stdout).into_owned()
}

#[test]
fn dashboards_are_what_grafana_knows() {
    for watched in stacks() {
        for dashboard in dashboards(&watched) {
            assert_eq!(unknown(&dashboard.json), "", "{}", dashboard.name);
        }
    }
}

#[test]
fn a_word_that_grafana_does_not_know_is_found() {
    let text = &dashboards(&stacks()[0])[0].json;
    for word in
        ["legendFormat", "reduceOptions", "drawStyle", "gridPos", "steps", "includeAll", "schemaVersion", "noValue"]
    {
        let wrong = text.replace(&format!("\"{word}\""), &format!("\"{word}s\""));
        assert_ne!(&wrong, text, "{word}");
        assert!(unknown(&wrong).contains(&format!("{word}s")), "{word}");
    }
}

/// What Grafana's linter would ask for, as far as it is asked for here.
#[test]
fn panels_say_what_they_show() {
    for watched in stacks() {
        let mut all = dashboards(&watched);
        all.sort_by(|one, other| one.name.cmp(&other.name));
        for dashboard in all {
            assert!(dashboard.json.len() < 1 << 20, "more than a ConfigMap holds");
            let json: Value = serde_json::from_str(&dashboard.json).expect("JSON");
            assert_eq!(
                (&json["editable"], &json["templating"]["list"][0]["name"]),
                (&false.into(), &"datasource".into())
            );
            let mut taken = vec![false; 24 * 200];
            for panel in json["panels"].as_array().expect("panels") {
                let text = |key: &str| panel[key].as_str().unwrap_or_default().to_owned();
                let title = text("title");
                assert!(!title.is_empty() && text("description").ends_with('.'), "{title}");
                assert!(panel["fieldConfig"]["defaults"]["unit"].is_string(), "{title}");
                assert_eq!(panel["datasource"]["uid"], "${datasource}", "{title}");
                for target in panel["targets"].as_array().filter(|targets| !targets.is_empty()).expect("targets") {
                    assert!(target["legendFormat"].as_str().is_some_and(|legend| !legend.is_empty()), "{title}");
                    let expr = target["expr"].as_str().unwrap_or_default();
                    assert!(!expr.contains("rate(") || expr.contains("[$__rate_interval]"), "{title}: {expr}");
                }
                let at = |key: &str| usize::try_from(panel["gridPos"][key].as_u64().unwrap_or(99)).unwrap_or(99);
                assert!(at("x") + at("w") <= 24, "{title}");
                for (row, column) in
                    (at("y")..at("y") + at("h")).flat_map(|y| (at("x")..at("x") + at("w")).map(move |x| (y, x)))
                {
                    assert!(!std::mem::replace(&mut taken[row * 24 + column], true), "{title} lies on another");
                }
            }
        }
    }
}
