//! The checker of references finds what it is there to find.

use std::fs;

use tests::{
    edges::one_sided, environments, manifests::objects, references::dangling, repository, restricted::violations,
    texts::Texts,
};

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

/// An environment of the repository: its text, and what breaks of it where `right` becomes `wrong`.
fn broken(environment: &str, find: impl Fn(&str) -> Vec<String>, cases: &[(&str, &str)]) {
    let all = environments::of_repository();
    let (_, artifacts) = all.iter().find(|(name, _)| name == environment).expect("the environment is there");
    let text: String = artifacts.compiled.files.values().flat_map(|text| [text.as_str(), "---\n"]).collect();
    assert_eq!(find(&text), [""; 0]);
    for (right, wrong) in cases {
        let broken = text.replacen(right, wrong, 1);
        assert!(broken != text, "{right:?} is in the manifests");
        assert_ne!(find(&broken), [""; 0], "{right:?} → {wrong:?}");
    }
}

#[test]
fn a_broken_reference_of_a_foreign_kind_is_found() {
    for (environment, cases) in [
        (
            "production",
            &[
                ("kind: Deployment\n    name: diabetes-api", "kind: Deployment\n    name: diabetes"),
                ("sectionName: ui", "sectionName: uii"),
                ("  - kind: Gateway\n    name: mlstack", "  - kind: Gateway\n    name: mlstac"),
                ("    - kind: Service\n      name: ui", "    - kind: Service\n      name: uii"),
                ("  secretName: ui-tls", "  secretName: ui-tl"),
                ("  cluster:\n    name: postgres", "  cluster:\n    name: postgre"),
                ("passwordSecret:\n        name: postgres-", "passwordSecret:\n        name: postgre-"),
                ("priorityClassName: mlstack-batch", "priorityClassName: mlstack-late"),
                ("secretKey: API_KEY", "secretKey: API_KEYS"),
                ("cnpg.io/cluster: postgres", "cnpg.io/cluster: postgre"),
            ][..],
        ),
        (
            "staging",
            &[
                ("cert-manager.io/cluster-issuer", "cert-manager.io/cluster-issue"),
                ("            name: ui\n", "            name: uii\n"),
                ("POSTGRES_PASSWORD: Ag", "POSTGRES_PASSWORDS: Ag"),
                ("http01-solver: \"true\"", "http01-solver: \"yes\""),
            ][..],
        ),
    ] {
        let all = environments::of_repository();
        let (_, artifacts) = all.iter().find(|(name, _)| name == environment).expect("the environment is there");
        broken(environment, |text| dangling(&objects([&text.to_owned()]), &artifacts.compiled.inventory), cases);
    }
}

#[test]
fn an_edge_with_one_end_is_found_in_whatever_namespaces_it_is() {
    let from = |namespace: &str, who: &str| {
        format!(
            "matchLabels:\n          kubernetes.io/metadata.name: {namespace}\n      podSelector:\n        matchLabels:\n          app.kubernetes.io/name: {who}\n"
        )
    };
    // `ui` asks `churn-api` in another namespace, which lets in any pod beside it: not so here.
    let anybody = "  - from:\n    - namespaceSelector: {}\n    ports:\n    - port: 8000\n      protocol: TCP\n";
    broken(
        "local",
        |text| one_sided(&objects([&text.replacen(anybody, "", 1)])),
        &[
            (&from("mlops", "ui"), &from("mlops", "mlflow")),
            (&from("mlops", "ui"), &from("churn-mlops", "ui")),
            (&from("churn-mlops", "churn-api"), &from("mlops", "churn-api")),
            ("port: 5432\n      protocol: TCP\n    to:", "port: 5433\n      protocol: TCP\n    to:"),
            ("- port: 53\n      protocol: UDP\n    - port: 53\n", "- port: 54\n"),
        ],
    );
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
