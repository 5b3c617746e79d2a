//! Retraining from the `CronJob`s of the manifests, on a real MLflow: what is better takes over, what is not does not.

use std::fmt::Write;

use servers::{Mlflow, Postgres};

use super::{cluster::Cluster, diabetes};
use crate::{program::get, stub::Stub};

/// So many rows by a seed, in which much glucose is the illness, but for so many lies in a hundred.
fn rows(mut seed: u64, count: usize, lies: u64) -> String {
    let mut draw = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let header = diabetes::rows().lines().next().unwrap().to_owned();
    (0..count).fold(header + "\n", |mut text, _| {
        let glucose = 60 + draw(130);
        let ill = u8::from((glucose > 140) != (draw(100) < lies));
        let (pregnancies, bmi, age) = (draw(9), draw(10), 21 + draw(50));
        writeln!(text, "{pregnancies},{glucose},70,20,79,32.{bmi},0.47,{age},{ill}").unwrap();
        text
    })
}

#[test]
fn promoted_then_refused() {
    let (store, predictions) = (Postgres::start(), Postgres::start());
    let mlflow = Mlflow::start("3.17.2", &store);
    predictions.database("predictions", "secret");
    let cluster = Cluster::committed("local")
        .secret("mlops", "postgres", "PREDICTIONS_USER", "predictions")
        .secret("mlops", "postgres", "PREDICTIONS_PASSWORD", "secret")
        .service("mlflow.mlops.svc.cluster.local:5000", mlflow.port())
        .service("postgres.mlops.svc.cluster.local:5432", predictions.port());
    let api = cluster.pod("Deployment", "mlops", "diabetes-api").start();
    // The file behind the address, as it is when the time has come.
    let run = |data: &str, kind: &str, name: &str| {
        let (address, pod) = (Stub::start(data).url("/ok"), cluster.pod(kind, "mlops", name));
        pod.with("DATA", &address).run().concat()
    };
    let retraining = |data: &str| run(data, "CronJob", "diabetes-retraining");

    let said = run(&rows(1, 300, 25), "Job", "diabetes-training");
    assert!(said.contains("champion is version 1 now"), "{said}");
    let api = api.ready();
    // The same file again.
    let said = retraining(&rows(1, 300, 25));
    assert!(
        said.contains("version 1 of diabetes-model has the same specification and data; nothing to train"),
        "{said}"
    );
    // A cleaner one, of other people.
    let said = retraining(&rows(2, 400, 2));
    assert!(said.contains("holds: auc_roc>=champion") && said.contains("champion is version 2 now"), "{said}");
    api.until("the new champion", |api| api.version().as_deref() == Some("2"));
    // One that is full of lies: what is learnt of it is worse than what was known before.
    let said = retraining(&rows(3, 200, 35));
    assert!(said.contains("does not hold: auc_roc>=champion"), "{said}");
    assert!(said.contains("registered version 3") && said.contains("champion stays where it is"), "{said}");
    let said = retraining(&rows(3, 200, 35));
    assert!(
        said.contains("version 3 of diabetes-model has the same specification and data; nothing to train"),
        "{said}"
    );
    assert_eq!((api.version().as_deref(), get(&api.url("/ready")).0), (Some("2"), 200));

    // A file that is no data set is no reason to try again.
    let said =
        cluster.pod("CronJob", "mlops", "diabetes-retraining").with("DATA", &Stub::start("").url("/page")).ends();
    assert!(said.0 == 2 && !cluster.tries_again("mlops", "diabetes-retraining", 2), "{said:?}");
    let said =
        cluster.pod("CronJob", "mlops", "diabetes-retraining").with("DATA", &Stub::start("").url("/away")).ends();
    assert!(said.0 == 1 && cluster.tries_again("mlops", "diabetes-retraining", 1), "{said:?}");
    api.stop();
}
