//! `out/local`'s diabetes: the registry is MLflow, predictions go to Postgres.

use std::time::{Duration, Instant};

use serde_json::json;
use servers::{Mlflow, Postgres};

use super::cluster::Cluster;

/// Rows in which much glucose is the illness.
fn rows() -> String {
    let row = |place: usize| {
        let glucose = 60 + place * 37 % 130;
        format!("{},{glucose},70,20,79,32.5,0.47,{},{}\n", place % 9, 21 + place % 50, usize::from(glucose > 140))
    };
    let header = "Pregnancies,Glucose,BloodPressure,SkinThickness,Insulin,BMI,DiabetesPedigreeFunction,Age,Outcome\n";
    format!("{header}{}", (0..300).map(row).collect::<String>())
}

#[test]
fn a_model_in_mlflow_with_predictions_in_postgres() {
    const PASSWORD: &str = "it's a $ecret";
    let postgres = Postgres::start();
    postgres.database("predictions", PASSWORD);
    let mlflow = Mlflow::start("3.17.2", &postgres);
    let cluster = Cluster::committed("local")
        .secret("mlops", "postgres", "PREDICTIONS_USER", "predictions")
        .secret("mlops", "postgres", "PREDICTIONS_PASSWORD", PASSWORD)
        .service("mlflow.mlops.svc.cluster.local:5000", mlflow.port())
        .service("postgres.mlops.svc.cluster.local:5432", postgres.port());

    // The API may start before there is a model.
    let pod = cluster.pod("Deployment", "mlops", "diabetes-api");
    let api = pod.start();
    assert_eq!(api.probed(), [503, 200, 503]);

    // Its data come from the internet, which is not here.
    let server = crate::stub::Stub::start(&rows());
    let training = || cluster.pod("Job", "mlops", "diabetes-training").with("DATA", &server.url("/ok")).run().remove(0);
    assert!(training().contains("champion is version 1"));
    let api = api.ready();
    let row = json!({"Pregnancies": 1, "Glucose": 180, "BloodPressure": 70, "SkinThickness": 20, "Insulin": 79, "BMI": 32.5,
        "DiabetesPedigreeFunction": 0.47, "Age": 33});
    let (status, answer) = api.predict(&row);
    assert_eq!(
        (status, &answer["has_diabetes"], &answer["model_name"]),
        (200, &json!(true), &json!("diabetes-model")),
        "{answer}"
    );

    let end = Instant::now() + Duration::from_secs(20);
    let logged = || {
        let there = !postgres.superuser("predictions", "SELECT to_regclass('prediction')").is_empty();
        there.then(|| postgres.superuser("predictions", "SELECT inputs->>'Glucose', version FROM prediction"))
    };
    while logged().is_none_or(|rows| rows.is_empty()) && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(logged().as_deref(), Some("180|1"), "{}", api.log());
    // The Job once more, as another apply would start it.
    assert!(training().contains("nothing to train"));
    api.stop();
}
