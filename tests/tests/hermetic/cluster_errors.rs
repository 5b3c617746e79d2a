//! Mistakes about what an environment's cluster has and its parts need of each other, as people are told about them.

use insta::{Settings, assert_snapshot};
use tests::texts::Texts;

const GOOD: &str = "\
kubernetes: \"1.34\"
secrets: {type: Generated}
topology: manyNodes
storageClasses: {shared: nfs}
ingress: {class: traefik, controller: traefik, issuer: letsencrypt}
gateway: {type: Shared, name: public, namespace: gateways, controller: gateways}
prometheus: {type: Operator, address: \"http://prometheus.monitoring.svc:9090\", namespace: monitoring}
objectStore: {bucket: s3://models/test, access: {type: Secret}}
quotas:
  - {namespace: mlops, pods: 100, requests: {cpu: 20, memory: 20Gi}, limits: {cpu: 50, memory: 50Gi}, storage: 50Gi}
postgres: {type: Server}
mlflow: {artifacts: {type: ObjectStore}}
models:
  - name: diabetes
    api: {replicas: {min: 2, max: 10, requestsPerSecond: 2000}, predictionLog: {type: Postgres}}
  - name: iris
    registry: {type: ObjectStore}
    api: {exposure: {type: Ingress, host: iris.example.com}}
  - name: churn
    namespace: churn-mlops
    registry: {type: Directory, size: 1Gi}
    api: {exposure: {type: HTTPRoute, host: churn.example.com}, predictionLog: {type: Volume, size: 1Gi}}
";

#[test]
fn the_good_environment_is_good() {
    assert_eq!(Texts::with(GOOD).compile().map(|_| ()), Ok(()));
}

#[test]
fn what_is_missing_or_taken_is_told_where_it_is_asked_for() {
    for (name, right, wrong) in [
        ("registry-without-bucket", "objectStore: {bucket: s3://models/test, access: {type: Secret}}\n", ""),
        ("bucket-that-is-none", "s3://models/test", "\"s3://\""),
        ("store-without-access", ", access: {type: Secret}", ""),
        ("registry-without-mlflow", "mlflow: {artifacts: {type: ObjectStore}}\n", ""),
        ("mlflow-without-postgres", "postgres: {type: Server}\n", ""),
        ("shared-claim-on-many-nodes", "storageClasses: {shared: nfs}\n", ""),
        ("host-twice", "host: churn.example.com", "host: iris.example.com"),
        ("host-that-is-none", "host: iris.example.com", "host: https://iris.example.com"),
        ("no-ingress", "ingress: {class: traefik, controller: traefik, issuer: letsencrypt}\n", ""),
        ("no-gateway", "gateway: {type: Shared, name: public, namespace: gateways, controller: gateways}\n", ""),
        (
            "no-prometheus",
            "prometheus: {type: Operator, address: \"http://prometheus.monitoring.svc:9090\", namespace: monitoring}\n",
            "",
        ),
        (
            "prometheus-that-keda-may-not-ask",
            "{type: Operator, address: \"http://prometheus.monitoring.svc:9090\", namespace: monitoring}",
            "{type: Server}",
        ),
        (
            "prometheus-of-two-kinds",
            "{type: Operator, address: \"http://prometheus.monitoring.svc:9090\", namespace: monitoring}",
            "{type: Server, address: \"http://prometheus.monitoring.svc:9090\"}",
        ),
        (
            "metrics-kept-for-no-time",
            "{type: Operator, address: \"http://prometheus.monitoring.svc:9090\", namespace: monitoring}",
            "{type: Server, retention: 36h}",
        ),
        ("prometheus-with-login", "http://prometheus", "http://me:hunter2@prometheus"),
        ("no-target", ", requestsPerSecond: 2000", ""),
        ("target-of-no-requests", "requestsPerSecond: 2000", "requestsPerSecond: 0"),
        (
            "quota-below-the-maximum",
            "pods: 100, requests: {cpu: 20, memory: 20Gi}, limits: {cpu: 50, memory: 50Gi}, storage: 50Gi",
            "pods: 9, requests: {cpu: 500m, memory: 64Mi}, limits: {cpu: 1, memory: 128Mi}, storage: 1Gi",
        ),
        (
            "quota-twice",
            "postgres: {type",
            "  - {namespace: mlops, pods: 90, requests: {cpu: 20, memory: 20Gi}, limits: {cpu: 50, memory: 50Gi}, storage: 50Gi}\npostgres: {type",
        ),
        ("quota-of-no-namespace", "namespace: mlops, pods", "namespace: mlop, pods"),
        (
            "memory-target-without-request",
            "api: {exposure: {type: Ingress",
            "api: {replicas: {min: 1, max: 2, memory: 80}, resources: {requests: {cpu: 100m}, limits: {cpu: 1, memory: 64Mi}}, exposure: {type: Ingress",
        ),
        ("page-on-requests", "models:", "ui: {replicas: {min: 1, max: 2, requestsPerSecond: 5}}\nmodels:"),
        ("model-in-kube-system", "namespace: churn-mlops", "namespace: kube-system"),
        ("model-among-controllers", "namespace: churn-mlops", "namespace: traefik"),
        ("unknown-topology", "topology: manyNodes", "topology: many"),
        ("unknown-minor", "\"1.34\"", "\"1.12\""),
        ("digest-that-is-none", "models:", "serving: {image: \"a/b@sha256:12\"}\nmodels:"),
        (
            "no-instance",
            "postgres: {type: Server}",
            "postgres: {type: CloudNativePG, instances: 0, storage: 1Gi, resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}, apiServer: {type: Addresses, cidr: 10.0.0.0/16}}",
        ),
        (
            "port-that-is-none",
            "postgres: {type: Server}",
            "postgres: {type: External, host: db.example.com, port: 70000, peer: {type: Addresses, cidr: 10.9.0.0/16}}",
        ),
        (
            "exception-outside",
            "api: {exposure: {type: Ingress",
            "api: {callers: [{peer: {type: Addresses, cidr: 10.1.0.0/16, except: [10.1.2.0/24, 10.0.0.0/8]}, reason: office}], exposure: {type: Ingress",
        ),
        ("several-servers-on-one-volume", "mlflow: {artifacts: {type: ObjectStore}}", "mlflow: {replicas: 3}"),
    ] {
        let environment = GOOD.replacen(right, wrong, 1);
        assert_ne!(environment, GOOD, "{name}: nothing was replaced");
        let told = Texts::with(environment).compile().map(|_| ()).expect_err(name);
        assert!(told.contains("hint: ") && !told.contains("hunter2"), "{name}: {told}");
        let mut settings = Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| assert_snapshot!(format!("error-cluster-{name}"), told));
    }
}

/// Network policies of the environment with this store.
fn openings(store: &str) -> String {
    let environment = GOOD.replacen("{bucket: s3://models/test, access: {type: Secret}}", store, 1);
    let compiled = Texts::with(environment).compile().expect("it is right").compiled;
    compiled.files["020-mlflow.yaml"]
        .lines()
        .filter(|line| line.contains("mlstack.dev/opening"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn tokens_of_an_identity_come_from_where_the_cloud_gives_them() {
    let annotated = "access: {type: WorkloadIdentity, annotations: {a.example/role: r}}";
    let of = |bucket: &str, access: &str| openings(&format!("{{bucket: {bucket}, {access}}}"));
    // Roles by annotation ask a public server, with a token that is mounted.
    assert!(!of("s3://models", annotated).contains("169.254.1"));
    assert!(of("s3://models", "access: {type: WorkloadIdentity}").contains("169.254.170.23/32, port 80"));
    let google = of("gs://models", annotated);
    assert!(
        google.contains("169.254.169.254/32, port 80") && google.contains("169.254.169.252/32, port 988"),
        "{google}"
    );
    assert!(!openings("{bucket: gs://models, access: {type: Secret}}").contains("169.254.169.254/32"));
}
