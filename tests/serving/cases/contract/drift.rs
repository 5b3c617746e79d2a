//! Drift from the `CronJob`s of the manifests: pods that read what API pods logged, and a report that every API pod shows.

use std::fs;

use serde_json::{Map, Value, from_str, json};
use servers::{Mlflow, Postgres, S3, repository};

use super::{cluster::Cluster, diabetes, running::Running};
use crate::{
    program::{done, post, serving},
    stub::Stub,
};

/// A model of an environment, and how its API is asked.
struct Watched<'c> {
    cluster: &'c Cluster,
    namespace: &'static str,
    name: &'static str,
    headers: &'c [(&'c str, &'c str)],
}

/// The features of a CSV file with a header line, whose last column is the target.
fn rows(text: &str) -> Vec<Value> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let value = |cell: &str| cell.parse::<f64>().map_or_else(|_| json!(cell), |number| json!(number));
    let row = |line: &str| {
        let cells = names.iter().zip(line.split(',')).take(names.len() - 1);
        Value::Object(cells.map(|(name, cell)| ((*name).to_owned(), value(cell))).collect::<Map<_, _>>())
    };
    lines.map(row).collect()
}

/// The same rows with more of a feature.
fn more(rows: &[Value], feature: &str, by: f64) -> Vec<Value> {
    let mut rows = rows.to_vec();
    for row in &mut rows {
        row[feature] = json!(row[feature].as_f64().unwrap() + by);
    }
    rows
}

impl Watched<'_> {
    fn ask(&self, api: &Running, rows: &[Value]) {
        for rows in rows.chunks(500) {
            let (status, answer) = post(&api.url("/predict"), &json!(rows).to_string(), self.headers);
            assert_eq!(status, 200, "{answer}");
        }
    }

    /// Status and text of what a pod of the API shows, by who may see it.
    fn shown(api: &Running, path: &str) -> (u16, String) {
        let answer = ureq::get(api.url(path)).header("Authorization", "Bearer t0ken").call();
        let mut answer = answer.map_err(|error| match error {
            ureq::Error::StatusCode(404) => 404,
            other => panic!("{path}: {other}"),
        });
        match &mut answer {
            Ok(answer) => (200, answer.body_mut().read_to_string().unwrap()),
            Err(status) => (*status, String::new()),
        }
    }

    /// A run of the `CronJob`: its exit code, whether its Job tries again, and what it said.
    fn judged(&self) -> (i32, bool, String) {
        let name = format!("{}-drift", self.name);
        let (code, said) = self.cluster.pod("CronJob", self.namespace, &name).ends();
        (code, self.cluster.tries_again(self.namespace, &name, code), said)
    }

    /// Runs the `CronJob` until it looked at so many rows, since a log is written after the answer; then every API shows its report.
    fn reports(&self, apis: &[&Running], rows: usize, code: i32, status: &str) -> String {
        let seen = format!("\n{rows} rows of ");
        let tries = (0..50).map(|_| self.judged());
        let (found, again, said) = tries.into_iter().find(|(.., said)| said.contains(&seen)).expect("the rows arrive");
        assert_eq!((found, again), (code, false), "{said}");
        for api in apis {
            api.until("the report", |_| {
                let (found, text) = Self::shown(api, "/drift");
                let report: Value = from_str(&text).unwrap_or_default();
                (found, &report["status"], &report["rows"]) == (200, &json!(status), &json!(rows))
            });
            let metrics = Self::shown(api, "/metrics").1;
            assert!(metrics.contains(&format!("model_drift_report_rows {rows}\n")), "{metrics}");
        }
        said
    }

    /// Nothing, too little, no drift, drift: `calm` rows are as those of the training, and `feature` is what drifts.
    fn lives(&self, api: &str, calm: &[Value], feature: &str, by: f64) {
        let new_pod = || self.cluster.pod("Deployment", self.namespace, api);
        let (answers, beside) = (new_pod().start().ready(), new_pod().start().ready());
        let apis = [&answers, &beside];
        assert_eq!(Self::shown(&answers, "/drift").0, 404);
        let said = self.reports(&apis, 0, 0, "not_enough_data");
        assert!(said.contains("which is not \"no drift\""), "{said}");

        self.ask(&answers, calm);
        let said = self.reports(&apis, calm.len(), 0, "no_drift");
        assert!(said.contains(": no drift"), "{said}");
        let detected = |value: u8| format!("model_drift_detected{{feature=\"{feature}\"}} {value}\n");
        assert!(Self::shown(&answers, "/metrics").1.contains(&detected(0)));

        let drifted = more(calm, feature, by);
        (0..3).for_each(|_| self.ask(&answers, &drifted));
        let said = self.reports(&apis, calm.len() * 4, 1, "drift");
        assert!(said.contains(&format!("drift in {feature}\n")), "{said}");
        assert!(Self::shown(&beside, "/metrics").1.contains(&detected(1)), "no restart, and no request of its own");

        // By hand, in a pod of the API.
        let (code, said) = new_pod().exec(&["drift", "--last", "1h"]);
        assert!(code == 1 && said.contains(&format!("drift in {feature}\n")), "{code}: {said}");
        // A mistake is not tried again either, and what is away is.
        let name = format!("{}-drift", self.name);
        let with = |variable, value| self.cluster.pod("CronJob", self.namespace, &name).with(variable, value).ends();
        let (code, said) = with("MODEL_ALIAS", "nobody");
        assert!(code == 2 && said.contains("has no version nobody of"), "{said}");
        assert!(
            !self.cluster.tries_again(self.namespace, &name, 2) && self.cluster.tries_again(self.namespace, &name, 3)
        );
    }
}

/// Churn's rows of another seed than the training's.
fn customers() -> Vec<Value> {
    rows(&done(&mut serving(&["sample", "churn", "--rows", "800", "--seed", "11"])).0)
}

/// `out/local` and `out/production`: a file per pod on a claim, which drift cannot write, and a registry on another, which it can.
#[test]
fn of_files_on_a_claim() {
    for environment in ["local", "production"] {
        let cluster = Cluster::committed(environment).secret("churn-mlops", "churn-api", "MONITORING_TOKEN", "t0ken");
        let training = || cluster.pod("Job", "churn-mlops", "churn-training");
        training().run();
        let watched = Watched { cluster: &cluster, namespace: "churn-mlops", name: "churn", headers: &[] };
        watched.lives("churn-api", &customers(), "monthly_charges", 40.0);

        // A version of other data: what the old one answered is counted, and not mixed in.
        let data = cluster.claim("churn-mlops", "churn-models").join("other.csv");
        fs::write(data, done(&mut serving(&["sample", "churn", "--rows", "900", "--seed", "5"])).0).unwrap();
        let said = training().with("DATA", "/var/lib/mlstack/registry/other.csv").run().concat();
        assert!(said.contains("champion is version 2 now"), "{said}");
        let api = cluster.pod("Deployment", "churn-mlops", "churn-api").start().ready();
        assert_eq!((api.version().as_deref(), Watched::shown(&api, "/drift").0), (Some("2"), 404));
        let said = watched.reports(&[&api], 0, 0, "not_enough_data");
        assert!(said.contains("left out, being of other versions: 3200 of version 1"), "{said}");
    }
}

/// `out/local`: a table for two models, whose versions are in MLflow.
#[test]
fn of_postgres_and_mlflow() {
    let (postgres, store) = (Postgres::start(), Postgres::start());
    postgres.database("predictions", "it's a $ecret");
    let mut mlflow = Mlflow::start("3.17.2", &store);
    let cluster = Cluster::committed("local")
        .secret("mlops", "postgres", "PREDICTIONS_USER", "predictions")
        .secret("mlops", "postgres", "PREDICTIONS_PASSWORD", "it's a $ecret")
        .service("mlflow.mlops.svc.cluster.local:5000", mlflow.port())
        .service("postgres.mlops.svc.cluster.local:5432", postgres.port());
    let data = Stub::start(&diabetes::rows());
    cluster.pod("Job", "mlops", "diabetes-training").with("DATA", &data.url("/ok")).run();
    let watched = Watched { cluster: &cluster, namespace: "mlops", name: "diabetes", headers: &[] };
    watched.lives("diabetes-api", &rows(&diabetes::rows()), "Glucose", 60.0);

    // Whatever is away may come back.
    mlflow.kill();
    let away = cluster.pod("CronJob", "mlops", "diabetes-drift").with("WAIT_SECONDS", "0").ends();
    assert_eq!(away.0, 3, "{}", away.1);
    mlflow.restart();
    drop(postgres);
    let (code, again, said) = watched.judged();
    assert_eq!((code, again), (3, true), "{said}");
}

/// `out/production`: the registry is a bucket, which pods may use by their account.
#[test]
fn of_postgres_and_an_object_store() {
    let (postgres, store) = (Postgres::start(), S3::start("example-mlops-production"));
    postgres.database("predictions", "it's a $ecret");
    let cluster = Cluster::committed("production")
        .amazon(&store)
        .secret("mlops", "iris-api", "API_KEY", "k3y")
        .secret("mlops", "iris-api", "MONITORING_TOKEN", "t0ken")
        .secret("mlops", "postgres-predictions", "username", "predictions")
        .secret("mlops", "postgres-predictions", "password", "it's a $ecret")
        .service("postgres-rw.mlops.svc.cluster.local:5432", postgres.port());
    cluster.pod("Job", "mlops", "iris-training").run();
    let flowers = fs::read_to_string(repository().join("models/data/iris.csv")).unwrap();
    let watched = Watched { cluster: &cluster, namespace: "mlops", name: "iris", headers: &[("X-API-Key", "k3y")] };
    let flowers = rows(&flowers);
    watched.lives("iris-api", &[flowers.clone(), flowers].concat(), "sepal_length", 1.5);
}
