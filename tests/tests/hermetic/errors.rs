//! Every mistake that people make in an environment or a model, as they are told about it.

use std::fs;

use insta::{Settings, assert_snapshot};
use tests::{repository, texts::Texts};

const GOOD: &str = "\
kubernetes: \"1.34\"
secrets: {type: Generated}
mlflow:
  exposure: {type: NodePort, nodePort: 30500}
postgres: {type: Server}
models:
  - name: diabetes
    api:
      replicas: {min: 2, max: 10, cpu: 50}
      exposure: {type: NodePort, nodePort: 30800}
ui:
  replicas: 2
";

/// What is said about an environment.
fn told(environment: impl Into<Vec<u8>>) -> String {
    Texts::with(environment).compile().expect_err("a mistake is found")
}

fn snapshot(name: &str, told: &str) {
    assert!(told.contains("hint: "), "no hint: {told}");
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(format!("error-{name}"), told));
}

#[test]
fn the_good_environment_is_good() {
    assert_eq!(Texts::with(GOOD).compile().map(|_| ()), Ok(()));
}

#[test]
fn environments() {
    for (name, right, wrong) in [
        ("unknown-key", "ui:\n  replicas", "ui:\n  replica"),
        ("unknown-key-far", "secrets: {type: Generated}", "secrets: {type: Generated}\ncolour: red"),
        ("duplicate-key", "ui:\n  replicas: 2", "ui:\n  replicas: 2\n  replicas: 3"),
        ("wrong-type", "replicas: 2", "replicas: two"),
        ("wrong-type-number", "\"1.34\"", "1.34"),
        ("missing-key", "kubernetes: \"1.34\"\n", ""),
        ("missing-key-inside", ", max: 10", ""),
        (
            "bad-quantity",
            "replicas: 2",
            "replicas: 2\n  resources:\n    requests: {cpu: 100 m, memory: 32MB}\n    limits: {cpu: 1, memory: 64Mi}",
        ),
        (
            "request-above-limit",
            "replicas: 2",
            "replicas: 2\n  resources:\n    requests: {cpu: 2, memory: 1Gi}\n    limits: {cpu: 1, memory: 64Mi}",
        ),
        ("bad-name", "secrets:", "namespace: ML_Ops\nsecrets:"),
        ("bad-image", "secrets:", "serving: {image: \"mlstack/serving:latest\"}\nsecrets:"),
        ("bad-cidr", "secrets:", "podCidr: 10.244.0.1/16\nsecrets:"),
        ("bad-version", "mlflow:", "mlflow:\n  version: 3.17"),
        ("bad-kubernetes", "1.34", "1.12"),
        ("bad-variant", "secrets: {type: Generated}", "secrets: {type: Generate}"),
        ("secrets-word", "secrets: {type: Generated}", "secrets: generated"),
        ("secrets-without-store", "secrets: {type: Generated}", "secrets: {type: ExternalSecrets, prefix: a}"),
        ("secrets-store-without-type", "secrets: {type: Generated}", "secrets: {type: Generated, store: vault}"),
        (
            "secrets-bad-store",
            "secrets: {type: Generated}",
            "secrets: {type: ExternalSecrets, store: vault, prefix: /mlops, refreshInterval: 1 h, storeKind: Store}",
        ),
        ("bad-exposure", "type: NodePort, nodePort: 30800", "type: Nodeport, nodePort: 30800"),
        ("node-port-missing", ", nodePort: 30800", ""),
        ("node-port-without-type", "type: NodePort, nodePort: 30800", "type: ClusterIP, nodePort: 30800"),
        ("node-port-outside", "30800", "8080"),
        ("node-port-twice", "30800", "30500"),
        ("min-above-max", "min: 2", "min: 12"),
        ("one-writer-many-replicas", "mlflow:", "mlflow:\n  replicas: 3"),
        ("namespace-taken", "secrets:", "namespace: kube-system\nsecrets:"),
        ("pods-beyond-reason", "replicas: 2", "replicas: 4294967295"),
        ("seconds-beyond-reason", "ui:", "    training: {deadlineSeconds: 4294967295, retries: 4294967295}\nui:"),
        ("every-address", "secrets:", "podCidr: 0.0.0.0/0\nsecrets:"),
        (
            "nothing-to-run-with",
            "replicas: 2",
            "replicas: 2\n  resources:\n    requests: {cpu: 0, memory: 500m}\n    limits: {cpu: 0, memory: 64Mi}",
        ),
        ("negative-size", "{type: Server}", "{type: Server, storage: -5Gi}"),
        ("no-size", "{type: Server}", "{type: Server, storage: 0}"),
        ("bad-host", "mlflow:", "mlflow:\n  allowedHosts: [\"https://mlflow.example/\", \"*\"]"),
        ("old-mlflow", "mlflow:", "mlflow:\n  version: 2.0.0"),
        ("long-model-name", "name: diabetes", "name: a-name-that-leaves-no-room-for-what-stands-behind-it"),
        ("model-missing", "name: diabetes", "name: diabetis"),
        ("model-twice", "ui:", "  - name: diabetes\nui:"),
        (
            "no-models",
            "models:\n  - name: diabetes\n    api:\n      replicas: {min: 2, max: 10, cpu: 50}\n      exposure: {type: NodePort, nodePort: 30800}",
            "models: []",
        ),
        (
            "several",
            "ui:\n  replicas: 2",
            "ui:\n  replicas: two\n  exposur: {}\nmodles: []\nobjectStore: {bucket: models}",
        ),
        ("not-yaml", "ui:\n  replicas: 2", "ui: [\n  replicas: 2"),
        ("tab", "ui:\n  replicas", "ui:\n\treplicas"),
        ("two-documents", "ui:", "---\nui:"),
        ("tag", "replicas: 2", "replicas: !int 2"),
        ("null", "replicas: 2", "replicas:"),
    ] {
        let environment = GOOD.replace(right, wrong);
        assert_ne!(environment, GOOD, "{name} changes something");
        snapshot(name, &told(environment));
    }
    snapshot("empty", &told(""));
    snapshot("a-list", &told("- a\n"));
    snapshot("not-utf8", &told([b"kubernetes: \"1.34\"\nsecrets: g\xe9n\xe9r\xe9\n".as_slice()].concat()));
}

#[test]
fn what_happens_again_and_again() {
    let with = |model: &str, further: &str| {
        let text = GOOD.replace("name: diabetes", &format!("name: {model}")).replace("ui:", &format!("{further}ui:"));
        Texts::with(text)
    };
    let (retraining, drift) = ("    retraining: {schedule: \"@weekly\"}\n", "    drift: {schedule: \"@daily\"}\n");
    let logged = GOOD.replace("    api:\n", "    api:\n      predictionLog: {type: Postgres}\n");
    let good = Texts::with(logged.replace("ui:", &format!("{retraining}{drift}ui:"))).compile();
    assert_eq!(good.map(|_| ()), Ok(()));
    for (name, model, further) in [
        ("retraining-of-bundled-rows", "iris", retraining),
        ("retraining-of-made-rows", "churn", retraining),
        ("retraining-bad-schedule", "diabetes", "    retraining: {schedule: every sunday}\n"),
        ("retraining-never", "diabetes", "    retraining: {schedule: 0 4 31 2 *}\n"),
        ("retraining-without-schedule", "diabetes", "    retraining: {}\n"),
        ("retraining-unconditional", "diabetes", "    retraining: {schedule: \"@weekly\", promoteIf: []}\n"),
        (
            "retraining-bad-conditions",
            "diabetes",
            "    retraining:\n      schedule: \"@weekly\"\n      promoteIf: [auc, auc>=0.8, auc_roc>=80, f1_score=>champion, accuracy>best]\n",
        ),
        ("drift-without-predictions", "diabetes", drift),
        (
            "drift-bad-values",
            "diabetes",
            "    drift: {schedule: \"@daily\", window: a week, level: 1, psi: -0.1, minRows: 199, rows: 1}\n",
        ),
    ] {
        snapshot(name, &with(model, further).compile().expect_err("a mistake is found"));
    }
    // Other rows than those of the sum are never let in.
    let mut pinned = with("diabetes", retraining);
    let model = String::from_utf8(pinned.models["diabetes"].clone()).expect("text");
    let sum = format!("target: Outcome\n  sha256: {}", "a".repeat(64));
    pinned.models.insert("diabetes".into(), model.replace("target: Outcome", &sum).into());
    snapshot("retraining-of-pinned-rows", &pinned.compile().expect_err("a mistake is found"));
}

#[test]
fn two_models_of_one_registered_name_are_told_at_both() {
    let mut texts = Texts::with(GOOD.replace("ui:", "  - name: copy\nui:"));
    texts.models.insert("copy".into(), texts.models["diabetes"].clone());
    snapshot("model-registered-twice", &texts.compile().expect_err("a mistake is found"));
}

/// A text of the length that a ciphertext under a key of 2048 bits has.
fn ciphertext() -> String {
    format!("AQ{}", "A".repeat(510))
}

#[test]
fn sealed_files() {
    let with = |sealed: Option<String>| {
        let mut texts = Texts::with(GOOD.replace("Generated", "Sealed"));
        texts.sealed = sealed.map(|text| ("test".to_owned(), text.into())).into_iter().collect();
        texts
    };
    let lines =
        |keys: &[&str]| keys.iter().fold(String::new(), |all, key| format!("{all}    {key}: {}\n", ciphertext()));
    let all = ["MLFLOW_PASSWORD", "POSTGRES_PASSWORD", "PREDICTIONS_PASSWORD"];
    let good = format!("mlops:\n  postgres:\n{}", lines(&all));
    assert_eq!(with(Some(good.clone())).compile().map(|_| ()), Ok(()));
    let first = format!("MLFLOW_PASSWORD: {}", ciphertext());
    for (name, sealed) in [
        ("sealed-none", None),
        ("sealed-missing", Some(format!("mlops:\n  postgres:\n{}", lines(&all[..1])))),
        ("sealed-undeclared", Some(good.clone() + &lines(&["MLFLOW_USER"]) + "  other:\n" + &lines(&["KEY"]))),
        ("sealed-elsewhere", Some(good.replace("mlops:", "ml-staging:"))),
        ("sealed-in-clear", Some(good.replacen(&first, "MLFLOW_PASSWORD: hunter2", 1))),
        ("sealed-cut", Some(good.replacen(&first, &first[..217], 1))),
        ("sealed-no-text", Some(good.replacen(&first, "MLFLOW_PASSWORD: 4711", 1))),
        ("sealed-a-list", Some("- hunter2\n".into())),
        ("sealed-twice", Some(good.clone() + &lines(&all[..1]))),
    ] {
        let told = with(sealed).compile().expect_err("a mistake is found");
        assert!(!told.contains("hunter2") && !told.contains("4711") && !told.contains("AAAA"), "{told}");
        snapshot(name, &told);
    }
}

#[test]
fn bundled_data() {
    let with_iris = || Texts::with(GOOD.replace("- name: diabetes", "- name: iris"));
    assert_eq!(with_iris().compile().map(|_| ()), Ok(()));
    for (name, data) in [
        ("data-missing", None),
        ("data-changed", Some(b"sepal_length\n1\n".to_vec())),
        ("data-too-large", Some(vec![b'0'; 600_000])),
    ] {
        let mut texts = with_iris();
        texts.data = data.map(|bytes| ("data/iris.csv".to_owned(), bytes)).into_iter().collect();
        snapshot(name, &texts.compile().expect_err("a mistake is found"));
    }
    for (name, right, wrong) in [
        ("data-outside", "file: data/iris.csv", "file: ../iris.csv"),
        ("data-twice", "file: data/iris.csv", "file: data/iris.csv\n  url: https://example.com/iris.csv"),
        ("data-nowhere", "file: data/iris.csv", ""),
        ("data-sample-too", "target:", "sample: {generator: churn, rows: 100, seed: 7}\n  target:"),
        ("data-sample-none", "file: data/iris.csv", "sample: {generator: churn, rows: 0, seed: 7}"),
        ("data-sample-unknown", "file: data/iris.csv", "sample: {generator: churns, rows: 100, seed: 7}"),
        ("data-sum", "sha256: 91", "sha256: "),
        (
            "model-number-encoded",
            "type: number, unit: cm, range: [4, 8]",
            "type: number, encoding: onehot, range: [4, 8]",
        ),
    ] {
        let mut texts = with_iris();
        let model = String::from_utf8(texts.models["iris"].clone()).expect("text");
        let changed = model.replace(right, wrong);
        assert_ne!(changed, model, "{name} changes something");
        texts.models.insert("iris".into(), changed.into());
        snapshot(name, &texts.compile().expect_err("a mistake is found"));
    }
}

#[test]
fn models() {
    let good = fs::read_to_string(repository().join("models/diabetes.yaml")).expect("the model is there");
    for (name, right, wrong) in [
        ("model-unknown-key", "unit: mg/dL", "units: mg/dL"),
        ("model-empty-range", "[0, 200]", "[200, 0]"),
        ("model-range-of-one", "[0, 200]", "[200]"),
        ("model-default-outside", "default: 120", "default: 1200"),
        ("model-feature-twice", "name: Glucose", "name: BMI"),
        ("model-feature-with-a-dot", "name: Glucose", "name: .token"),
        ("model-feature-is-target", "name: Glucose", "name: Outcome"),
        ("model-category-without-values", "name: Glucose, type: integer", "name: Glucose, type: category"),
        ("model-risk-levels-fall", "below: 0.3", "below: 0.8"),
        ("model-risk-level-open", "label: Modéré, below: 0.7", "label: Modéré"),
        ("model-no-positive-class", ", positive: true", ""),
        ("model-url-http", "https://", "http://"),
        ("model-url-private", "raw.githubusercontent.com", "10.0.0.5"),
        ("model-url-inside", "raw.githubusercontent.com", "minio.storage.svc"),
        ("model-url-port", "raw.githubusercontent.com", "data.example:8443"),
        ("model-registry-name", "model: diabetes-model", "model: team/diabetes"),
        ("model-answer-twice", "field: probability", "field: has_diabetes"),
        ("model-answer-taken", "field: probability", "field: label"),
        ("model-half-a-pregnancy", "range: [0, 17], default: 1}", "range: [0, 17], default: 1.5}"),
        ("model-number-too-large", "n_estimators: 100", "n_estimators: 4294967296"),
        ("model-test-size", "test_size: 0.2", "test_size: 20"),
        ("model-no-trees", "n_estimators: 100", "n_estimators: 0"),
    ] {
        let mut texts = Texts::with(GOOD);
        let model = good.replace(right, wrong);
        assert_ne!(model, good, "{name} changes something");
        texts.models.insert("diabetes".into(), model.into());
        snapshot(name, &texts.compile().expect_err("a mistake is found"));
    }
}

#[test]
fn archives_of_postgres_clusters() {
    let good = include_str!("../../environments/recovered.yaml");
    let backups = "backups:\n  schedule: \"@weekly\"\n  keep: 4\n  to: {type: ObjectStore}\n";
    for (name, right, wrong) in [
        ("archive-on-a-claim", "to: {type: ObjectStore}", "to: {type: Volume, size: 5Gi}"),
        ("archive-of-itself", "archive: postgres-2", "archive: postgres"),
        ("archive-nowhere", backups, ""),
        ("archive-bad-time", "2026-11-20T04:00:00+01:00", "yesterday"),
        ("archive-bad-schedule", "\"@weekly\"", "0 0 31 2 *"),
    ] {
        assert!(good.contains(right), "{right}");
        snapshot(name, &told(good.replacen(right, wrong, 1)));
    }
}

#[test]
fn backups() {
    let good = GOOD.replace(
        "mlflow:",
        "topology: oneNode
mlflow:",
    );
    let good = good.replace(
        "ui:",
        "backups: {schedule: \"@daily\", to: {type: Volume, size: 5Gi}}
ui:",
    );
    assert_eq!(Texts::with(good.clone()).compile().map(|_| ()), Ok(()));
    let external = "postgres: {type: External, host: db.example.com, peer: {type: Addresses, cidr: 192.0.2.0/24}}";
    for (name, right, wrong) in [
        ("backups-without-postgres", "postgres: {type: Server}\n", ""),
        ("backups-without-bucket", "{type: Volume, size: 5Gi}", "{type: ObjectStore}"),
        ("backups-without-tools", "postgres: {type: Server}", external),
        ("backups-bad-schedule", "\"@daily\"", "\"30 2 31 2 *\""),
        ("backups-none-kept", "to: {type", "keep: 0, to: {type"),
        ("backups-on-many-nodes", "topology: oneNode\n", ""),
    ] {
        assert!(good.contains(right), "{right}: {good}");
        snapshot(name, &told(good.replacen(right, wrong, 1)));
    }
}
