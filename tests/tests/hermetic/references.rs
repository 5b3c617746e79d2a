//! The checker of references finds what it is there to find.

use std::fs;

use tests::{manifests::objects, references::dangling, repository, restricted::violations, texts::Texts};

#[test]
fn a_broken_reference_is_found_whatever_it_refers_to() {
    let local = fs::read(repository().join("environments/local.yaml")).expect("local is there");
    let artifacts = Texts::with(local).compile().expect("local is right");
    let text: String = artifacts.compiled.files.values().flat_map(|text| [text.as_str(), "---\n"]).collect();
    let inventory = &artifacts.compiled.inventory;
    assert_eq!(dangling(&objects([&text]), inventory), [""; 0]);
    for (right, wrong) in [
        ("key: MLFLOW_PASSWORD", "key: MLFLOW_PASWORD"),
        ("key: LOG_LEVEL", "key: LOG_LEVELS"),
        ("claimName: postgres-data", "claimName: postgres-dat"),
        ("name: diabetes-model\n  namespace", "name: diabetes-modell\n  namespace"),
        ("targetPort: http", "targetPort: https"),
        ("path: /ready\n            port: http", "path: /ready\n            port: htp"),
        ("serviceAccountName: ui", "serviceAccountName: uii"),
        ("kind: Deployment\n    name: diabetes-api", "kind: Deployment\n    name: diabetes-ap"),
        (
            "          app.kubernetes.io/name: diabetes-training\n    ports",
            "          app.kubernetes.io/name: training\n    ports",
        ),
        ("  selector:\n    app.kubernetes.io/name: mlflow", "  selector:\n    app.kubernetes.io/name: mlfow"),
        ("- name: tmp\n          mountPath", "- name: temp\n          mountPath"),
        ("namespace: mlops", "namespace: mlopps"),
    ] {
        let broken = text.replacen(right, wrong, 1);
        assert!(broken != text, "{right:?} is in the manifests");
        assert_ne!(dangling(&objects([&broken]), inventory), [""; 0], "{right:?} → {wrong:?}");
    }
}

#[test]
fn a_workload_that_is_not_restricted_is_found() {
    let artifacts = Texts::with(fs::read(repository().join("environments/local.yaml")).expect("local is there"))
        .compile()
        .expect("local is right");
    let text = &artifacts.compiled.files["050-ui.yaml"];
    assert_eq!(violations(&objects([text])), [""; 0]);
    for (right, wrong) in [
        ("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
        ("type: RuntimeDefault", "type: Unconfined"),
        (
            "automountServiceAccountToken: false\n      containers",
            "automountServiceAccountToken: true\n      containers",
        ),
        ("- ALL", "- NET_RAW"),
        ("startupProbe", "someProbe"),
        ("cpu: 250m", "gpu: 250m"),
    ] {
        let broken = text.replacen(right, wrong, 1);
        assert!(&broken != text, "{right:?} is in the manifests");
        assert_ne!(violations(&objects([&broken])), [""; 0], "{right:?} → {wrong:?}");
    }
}
