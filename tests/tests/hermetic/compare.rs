//! `mlstack show --compare`: what a reviewer sees of two environments.

use std::{collections::BTreeMap, fs};

use insta::{Settings, assert_snapshot};
use stack::compare::{Side, text};
use tests::{manifests::objects, repository, texts::Texts};

use crate::commands::{mlstack, project};

fn environment(path: &str) -> String {
    fs::read_to_string(repository().join(path)).expect("the environment is there")
}

fn side(name: &str, environment: &str) -> Side {
    Side::new(name, &Texts::with(environment).compile().expect("the environment is right").compiled).expect("YAML")
}

/// A side of these objects, each of which says its kind, namespace, name and a value.
fn of(name: &str, objects: &[[&str; 4]]) -> Side {
    let object = |[kind, namespace, name, value]: &[&str; 4]| {
        format!("\n---\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec: {value}")
    };
    let text = format!("# header{}\n", objects.iter().map(object).collect::<String>());
    let minimal = environment("tests/environments/minimal.yaml");
    let mut compiled = Texts::with(minimal).compile().expect("the environment is right").compiled;
    compiled.files = BTreeMap::from([("000-all.yaml".to_owned(), text)]);
    Side::new(name, &compiled).expect("YAML")
}

#[test]
fn minimal_and_full_side_by_side() {
    let [minimal, full] =
        ["minimal", "full"].map(|name| side(name, &environment(&format!("tests/environments/{name}.yaml"))));
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!("compare-minimal-full", text(&minimal, &full)));

    // The other way round, every line is the other way round.
    let turned =
        |line: &str| match line.split_once(": ").and_then(|(path, values)| Some((path, values.split_once(" → ")?))) {
            Some((path, (one, other))) => format!("{path}: {other} → {one}"),
            None => line.replacen("  - ", "  * ", 1).replacen("  + ", "  - ", 1).replacen("  * ", "  + ", 1),
        };
    let lines = |text: &str| {
        let mut lines: Vec<_> = text.lines().filter(|line| line.starts_with("  ")).map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let mut there: Vec<_> = lines(&text(&minimal, &full)).iter().map(|line| turned(line)).collect();
    there.sort();
    assert_eq!(there, lines(&text(&full, &minimal)));
}

#[test]
fn every_object_is_accounted_for() {
    let texts =
        ["tests/environments/minimal.yaml", "tests/environments/full.yaml", "environments/local.yaml"].map(environment);
    for (one, other) in [(0, 1), (1, 2), (2, 0), (2, 2)] {
        let count = |text: &str| {
            let compiled = Texts::with(text).compile().expect("the environment is right").compiled;
            objects(compiled.files.values()).len()
        };
        let told = text(&side("one", &texts[one]), &side("other", &texts[other]));
        let last = told.lines().last().expect("a sum");
        let numbers: Vec<usize> = last.split([' ', ':']).filter_map(|word| word.parse().ok()).collect();
        match numbers[..] {
            [equal] => assert_eq!((count(&texts[one]), one), (equal, other), "{last}"),
            [equal, different, left, right] => {
                assert_eq!(count(&texts[one]), equal + different + left, "{last}");
                assert_eq!(count(&texts[other]), equal + different + right, "{last}");
            }
            _ => panic!("{last}"),
        }
    }
}

#[test]
fn one_change_is_told_where_it_was_made_and_its_hashes_are_not() {
    let local = environment("environments/local.yaml");
    let changed = local.replace("logLevel: info", "logLevel: warn").replace("namespace: mlops", "namespace: science");
    let told = text(&side("one", &local), &side("other", &changed));
    assert!(told.starts_with("namespaces: mlops → science\n"), "{told}");
    assert!(told.contains("\nConfigMap diabetes-api\n  data.LOG_LEVEL: info → warn\n"), "{told}");
    let job = "\nJob diabetes-training\n  spec.template.spec.containers[diabetes-training].env[LOG_LEVEL].value: info → warn\n\n";
    assert!(told.contains(job), "a Job is matched by its component, and addresses follow the namespace: {told}");
    assert!(!told.contains("config-hash") && !told.contains("\nonly in") && !told.contains("metadata.name"), "{told}");
}

#[test]
fn two_names_of_the_same_do_not_differ() {
    let project = project();
    let file = project.path().join("environments/local.yaml");
    fs::copy(&file, project.path().join("environments/copy.yaml")).expect("a file");
    // The same object by another name of its environment would differ in one line.
    let done = mlstack(project.path(), &["show", "--compare", "local", "copy"]);
    let told = String::from_utf8(done.stdout).expect("text");
    assert!(done.status.success() && done.stderr.is_empty());
    assert!(told.contains("ConfigMap diabetes-api\n  data.ENVIRONMENT: local → copy\n"), "{told}");
    let done = mlstack(project.path(), &["show", "local", "--compare", "local"]);
    assert!(done.status.success() && done.stderr.is_empty());
    let told = String::from_utf8(done.stdout).expect("text");
    assert!(told.starts_with("local and local do not differ: ") && told.lines().count() == 1, "{told}");
}

#[test]
fn the_mistakes_of_both_are_told() {
    let done = mlstack(&repository(), &["show", "--compare", "nowhere", "no-place"]);
    let told = String::from_utf8(done.stderr).expect("text");
    assert_eq!((done.status.code(), done.stdout.as_slice()), (Some(2), b"".as_slice()), "{told}");
    assert!(told.contains("no environment nowhere") && told.contains("no environment no-place"), "{told}");
}

#[test]
fn a_name_in_several_namespaces_is_told_with_its_own() {
    let one = of(
        "one",
        &[
            ["Namespace", "''", "a", "1"],
            ["Namespace", "''", "b", "1"],
            ["Policy", "a", "deny-all", "1"],
            ["Policy", "b", "deny-all", "2"],
            ["Deployment", "a", "api", "1"],
            ["Deployment", "b", "churn", "1"],
        ],
    );
    // The namespace of one component has another name, and a third is new.
    let other = of(
        "other",
        &[
            ["Namespace", "''", "c", "1"],
            ["Namespace", "''", "b", "1"],
            ["Namespace", "''", "d", "1"],
            ["Policy", "d", "deny-all", "1"],
            ["Policy", "c", "deny-all", "3"],
            ["Policy", "b", "deny-all", "2"],
            ["Deployment", "c", "api", "1"],
            ["Deployment", "b", "churn", "1"],
        ],
    );
    let told = text(&one, &other);
    let wanted = "namespaces: a → c\n\nonly in other\n  Namespace d\n  Policy deny-all in d\n\n\
        Policy deny-all in a\n  spec: 1 → 3\n\nobjects: 5 equal, 1 different, 0 only in one, 2 only in other\n";
    assert_eq!(told, wanted);
}

#[test]
fn lists_are_compared_by_what_tells_their_items_apart() {
    for (one, other, wanted) in [
        (
            "{ports: [{name: a, port: 1}, {name: b, port: 2}]}",
            "{ports: [{name: b, port: 3}, {name: a, port: 1}]}",
            "spec.ports[b].port: 2 → 3",
        ),
        ("{args: [x, y]}", "{args: [x, z, y]}", "spec.args[]: - → z"),
        ("{args: [x, y]}", "{args: [y, x]}", "spec.args: the same in another order"),
        (
            "{rules: [{to: a}, {to: b}]}",
            "{rules: [{to: b}, {to: c}]}",
            "spec.rules[]: {to: a} → -\n  spec.rules[]: - → {to: c}",
        ),
        // Two of one name: by name one would be lost.
        ("{l: [{name: a, v: 1}]}", "{l: [{name: a, v: 1}, {name: a, v: 2}]}", "spec.l[]: - → {name: a, v: 2}"),
        ("{a: 1}", "{a: '1'}", "spec.a: 1 → \"1\""),
        ("{a: '-'}", "{a.b/c: 'x'}", "spec.a: \"-\" → -\n  spec[a.b/c]: - → x"),
        ("{t: \"k: 1\\nl: 2\\n\"}", "{t: \"k: 1\\nl: 3\\n\"}", "spec.t:\n    - l: 2\n    + l: 3"),
        ("{a: 1}", "{a: 1, t: \"k: 1\\nl: 3\\n\"}", "spec.t: - → 2 lines"),
    ] {
        let [one, other] = [one, other].map(|value| of("side", &[["Thing", "n", "x", value]]));
        let told = text(&one, &other);
        assert!(told.starts_with(&format!("Thing x\n  {wanted}\n\nobjects: ")), "{wanted}\n{told}");
    }
}
