//! Retraining from the `CronJob`s of the manifests, on a real MLflow: what is better takes over, what is not does not.

use std::fmt::Write;

use servers::{Mlflow, Postgres};

use super::{cluster::Cluster, diabetes};
use crate::{program::get, stub::Stub};

/// Rows in which much glucose is the illness, but for every `lie`th, of which it is the other way round.
fn rows(first: usize, count: usize, lie: usize) -> String {
    let header = diabetes::rows().lines().next().unwrap().to_owned();
    (first..first + count).fold(header + "\n", |mut text, place| {
        let glucose = 60 + place * 37 % 130;
        let ill = (glucose > 140) != (place % lie == 0);
        let (pregnancies, age, ill) = (place % 9, 21 + place * 11 % 50, u8::from(ill));
        writeln!(text, "{pregnancies},{glucose},70,20,79,32.{},0.47,{age},{ill}", place % 10).unwrap();
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

    let said = run(&rows(0, 300, 4), "Job", "diabetes-training");
    assert!(said.contains("champion is version 1 now"), "{said}");
    let api = api.ready();
    // The same file again.
    let said = retraining(&rows(0, 300, 4));
    assert!(
        said.contains("version 1 of diabetes-model has the same specification and data; nothing to train"),
        "{said}"
    );
    // A cleaner one, of other people.
    let said = retraining(&rows(1000, 400, 50));
    assert!(said.contains("holds: auc_roc>=champion") && said.contains("champion is version 2 now"), "{said}");
    api.until("the new champion", |api| api.version().as_deref() == Some("2"));
    // One that is mostly lies: what is learnt of it is worse than what was known before.
    let said = retraining(&rows(5000, 60, 3));
    assert!(said.contains("does not hold: auc_roc>=champion"), "{said}");
    assert!(said.contains("registered version 3") && said.contains("champion stays where it is"), "{said}");
    let said = retraining(&rows(5000, 60, 3));
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
