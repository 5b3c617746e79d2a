//! Iris: an API key, rows in a `ConfigMap`, and a registry of every kind but MLflow (that is with diabetes, which needs one too).

use std::fs;

use serde_json::json;
use servers::{Postgres, S3};

use super::cluster::Cluster;
use crate::{
    gcs::{Google, private_key},
    program::{get, post},
};

/// An environment of iris alone, whose registry is `registry`, beside what else is said.
fn environment(registry: &str, further: &str) -> String {
    format!(
        "kubernetes: \"1.34\"\nsecrets: {{type: Generated}}\n{further}\
         models:\n  - name: iris\n    registry: {{type: {registry}}}\n    api: {{apiKey: true}}\n"
    )
}

/// What is to be of every registry: no model, a training, a model; a key where one is due; a training that finds its own.
pub fn lives(cluster: Cluster) {
    let cluster = cluster.secret("mlops", "iris-api", "API_KEY", "k3y");
    let cluster = cluster.secret("mlops", "iris-api", "MONITORING_TOKEN", "t0ken");
    let api = cluster.pod("Deployment", "mlops", "iris-api").start();
    assert_eq!(api.probed(), [503, 200, 503]);
    let training = || cluster.pod("Job", "mlops", "iris-training").run().concat();
    let said = training();
    assert!(said.contains("reading /etc/mlstack-data/data.csv") && said.contains("champion is version 1"), "{said}");
    let api = api.ready();
    assert_eq!(get(&api.url("/health")).1, r#"{"status":"healthy","model_loaded":true,"version":"0.1.0"}"#);
    let row = json!({"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}).to_string();
    let ask = |key: &str| post(&api.url("/predict"), &row, &[("X-API-Key", key)]);
    assert_eq!((ask("k3y").0, ask("key").0), (200, 401));
    assert!(ask("k3y").1.contains("\"class\":\"setosa\""), "{:?}", ask("k3y"));
    let said = training();
    assert!(said.contains("nothing to train"), "{said}");
    api.stop();
}

#[test]
fn a_registry_on_a_claim() {
    lives(Cluster::compiled(&environment("Directory, size: 1Gi", "topology: oneNode\n")));
}

/// `out/production`: pods are known by their accounts.
#[test]
fn a_registry_in_amazons_store_by_workload_identity() {
    let (server, postgres) = (S3::start("example-mlops-production"), Postgres::start());
    postgres.database("predictions", "secret");
    let cluster = Cluster::committed("production")
        .amazon(&server)
        .secret("mlops", "postgres-predictions", "username", "predictions")
        .secret("mlops", "postgres-predictions", "password", "secret")
        .service("postgres-rw.mlops.svc.cluster.local:5432", postgres.port());
    lives(cluster);
}

#[test]
fn a_registry_in_another_store_by_a_key() {
    let server = S3::start("models");
    let store = "objectStore:\n  bucket: s3://models/team\n  region: us-east-1\n  access: {type: Secret}\n  \
                 endpoint: http://minio.storage.svc.cluster.local:9000\n";
    let cluster = Cluster::compiled(&environment("ObjectStore", store));
    let secret = |cluster: Cluster, key| cluster.secret("mlops", "object-store", key, "testing");
    let cluster = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].into_iter().fold(cluster, secret);
    lives(cluster.service("minio.storage.svc.cluster.local:9000", server.port()));
}

/// Nobody's server speaks Google's language well enough to hold a model: that the key is found and signs is all there is to see.
#[test]
fn a_registry_in_googles_store_by_a_key() {
    let (google, folder) = (Google::start(), tempfile::tempdir().unwrap());
    let key = folder.path().join("key.json");
    private_key(&key, "service_account");
    let cluster =
        Cluster::compiled(&environment("ObjectStore", "objectStore: {bucket: gs://models, access: {type: Secret}}\n"));
    let cluster = cluster.secret("mlops", "object-store", "credentials.json", &fs::read_to_string(key).unwrap());
    let cluster = cluster.secret("mlops", "iris-api", "API_KEY", "k3y");
    let pod = cluster.pod("Deployment", "mlops", "iris-api").with("GOOGLE_ALLOW_HTTP", "true");
    let api = pod.with("GOOGLE_BASE_URL", &google.url()).start();
    api.until("a poll", |api| api.logged("no version under this alias yet") == 1);
    let asked = google.asked();
    assert!(
        asked[0].starts_with("GET /models/registry%2Firis%2Dmodel%2Faliases") && asked[0].contains(" Bearer ey"),
        "{asked:?}"
    );
}
