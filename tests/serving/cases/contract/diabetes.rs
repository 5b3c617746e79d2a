//! Diabetes: the registry is MLflow, predictions go to Postgres.

use serde_json::json;
use servers::{Mlflow, Postgres, S3};

use super::cluster::Cluster;
use crate::stub::Stub;

/// Rows in which much glucose is the illness.
pub fn rows() -> String {
    let row = |place: usize| {
        let glucose = 60 + place * 37 % 130;
        format!("{},{glucose},70,20,79,32.5,0.47,{},{}\n", place % 9, 21 + place % 50, usize::from(glucose > 140))
    };
    let header = "Pregnancies,Glucose,BloodPressure,SkinThickness,Insulin,BMI,DiabetesPedigreeFunction,Age,Outcome\n";
    format!("{header}{}", (0..300).map(row).collect::<String>())
}

/// A training, predictions, and rows in the database.
fn lives(cluster: &Cluster, postgres: &Postgres, database: &str) {
    // The API may start before there is a model.
    let api = cluster.pod("Deployment", "mlops", "diabetes-api").start();
    assert_eq!(api.probed(), [503, 200, 503]);

    // The data come from the internet, which is not here.
    let server = Stub::start(&rows());
    let training = || cluster.pod("Job", "mlops", "diabetes-training").with("DATA", &server.url("/ok")).run().concat();
    let said = training();
    assert!(said.contains("champion is version 1"), "{said}");
    let api = api.ready();
    let row = json!({"Pregnancies": 1, "Glucose": 180, "BloodPressure": 70, "SkinThickness": 20, "Insulin": 79, "BMI": 32.5,
        "DiabetesPedigreeFunction": 0.47, "Age": 33});
    let (status, answer) = api.predict(&row);
    let told = (status, &answer["has_diabetes"], &answer["model_name"]);
    assert_eq!(told, (200, &json!(true), &json!("diabetes-model")), "{answer}");

    let sql = |statement: &str| postgres.superuser(database, statement);
    let logged = || {
        let there = !sql("SELECT to_regclass('prediction')").is_empty();
        if there { sql("SELECT inputs->>'Glucose', version FROM prediction") } else { String::new() }
    };
    api.until("a row in the database", |_| !logged().is_empty());
    assert_eq!(logged(), "180|1");
    // The Job once more, as another apply would start it.
    let said = training();
    assert!(said.contains("nothing to train"), "{said}");
    api.stop();
}

/// `out/local`: one MLflow for two models.
#[test]
fn models_in_mlflow_with_predictions_in_postgres() {
    const PASSWORD: &str = "it's a $ecret";
    let postgres = Postgres::start();
    postgres.database("predictions", PASSWORD);
    let mlflow = Mlflow::start("3.17.2", &postgres);
    let cluster = Cluster::committed("local")
        .secret("mlops", "postgres", "PREDICTIONS_USER", "predictions")
        .secret("mlops", "postgres", "PREDICTIONS_PASSWORD", PASSWORD)
        .service("mlflow.mlops.svc.cluster.local:5000", mlflow.port())
        .service("postgres.mlops.svc.cluster.local:5432", postgres.port());
    lives(&cluster, &postgres, "predictions");
    super::iris::lives(cluster);
}

/// `out/production`: MLflow runs by the words of its own manifest, and its artifacts are in Amazon's store.
#[test]
fn models_in_mlflow_with_artifacts_in_an_object_store() {
    const PASSWORD: &str = "it's a $ecret";
    let (postgres, store) = (Postgres::start(), S3::start("example-mlops-production"));
    // As its operator makes them: a role and a Secret for each database.
    let cluster = Cluster::committed("production")
        .amazon(&store)
        .service("postgres-rw.mlops.svc.cluster.local:5432", postgres.port());
    let roles = [("mlflow", "postgres-app"), ("predictions", "postgres-predictions")];
    let cluster = roles.into_iter().fold(cluster, |cluster, (role, secret)| {
        postgres.database(role, PASSWORD);
        cluster.secret("mlops", secret, "username", role).secret("mlops", secret, "password", PASSWORD)
    });
    let cluster = cluster.secret("mlops", "diabetes-api", "MONITORING_TOKEN", "t0ken");

    let (words, variables) = cluster.pod("Deployment", "mlops", "mlflow").words();
    assert_eq!(words[..2], ["mlflow", "server"]);
    let own = |word: &String| !word.starts_with("--host=") && !word.starts_with("--port=");
    let arguments = words[2..].iter().filter(|word| own(word)).cloned().collect();
    // Of a token in a container, here outside of one; boto3 has a name of its own for authorities.
    let identity = store.identity().into_iter().filter(|(name, _)| *name != "AWS_REGION");
    let identity = identity.map(|(name, value)| (name.replace("SSL_CERT_FILE", "AWS_CA_BUNDLE"), value));
    let mlflow = Mlflow::with("3.17.2", arguments, variables.into_iter().chain(identity).collect());
    let cluster = cluster.service("mlflow.mlops.svc.cluster.local:5000", mlflow.port());
    lives(&cluster, &postgres, "predictions");
    let put = |line: &&str| line.contains("\"PUT /example-mlops-production/mlflow/") && line.contains("model.onnx");
    assert_eq!(store.log().lines().filter(put).count(), 1, "{}", store.log());
}
