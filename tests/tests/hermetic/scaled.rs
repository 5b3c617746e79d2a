//! What is scaled by its requests: somebody counts them, may ask for them, and is asked.

use insta::assert_snapshot;
use tests::{
    manifests::{items, map, objects, text},
    texts::Texts,
};

const SCALED: &str = "\
kubernetes: \"1.34\"
secrets: {type: Generated}
prometheus: {type: Operator, address: \"http://prometheus.monitoring.svc:9090\", namespace: monitoring, monitorLabels: {release: main}}
models:
  - name: iris
    registry: {type: Directory, size: 1Gi}
    api: {replicas: {min: 1, max: 4, requestsPerSecond: 2000}, monitoringToken: true}
topology: oneNode
";

#[test]
fn prometheus_finds_is_let_in_and_is_asked() {
    let artifacts = Texts::with(SCALED).compile().expect("it is right");
    let api = &artifacts.compiled.files["020-iris-api.yaml"];
    let documents =
        api.split("---\n").filter(|it| ["ServiceMonitor", "ScaledObject"].iter().any(|kind| it.contains(kind)));
    assert_snapshot!("scaled-by-requests", documents.collect::<Vec<_>>().join("---\n"));
    let opened = objects([api]).iter().any(|object| {
        text(object, &["kind"]) == "NetworkPolicy"
            && items(object, &["spec", "ingress"]).flat_map(|rule| items(rule, &["from"])).any(|peer| {
                map(peer, &["namespaceSelector", "matchLabels"]).get("kubernetes.io/metadata.name").map(String::as_str)
                    == Some("monitoring")
            })
    });
    assert!(opened, "{api}");
}

#[test]
fn without_a_prometheus_nobody_scrapes() {
    let prometheus = SCALED.lines().find(|line| line.starts_with("prometheus:")).expect("a line");
    let alone = SCALED.replace(prometheus, "").replace("requestsPerSecond: 2000", "cpu: 50");
    let artifacts = Texts::with(alone).compile().expect("it is right");
    let api = &artifacts.compiled.files["020-iris-api.yaml"];
    assert!(!api.contains("monitoring.coreos.com") && !api.contains("Prometheus"), "{api}");
}
