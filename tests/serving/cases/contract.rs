//! The manifests and the program agree: it is started with the very arguments and variables of `out/local`.

use std::{collections::BTreeMap, fs, process::Command};

use serde_json::json;
use serde_yaml::Value;
use servers::{Mlflow, Postgres, free_port, repository};
use tests::manifests::{items, map, objects, pod, text};

use crate::program::{Api, done, get, serving};

/// What a container of `out/local` is started with.
struct Container {
    arguments: Vec<String>,
    variables: BTreeMap<String, String>,
    probes: BTreeMap<&'static str, (String, u64)>,
}

fn container(file: &str) -> Container {
    let text_of = fs::read_to_string(repository().join("out/local").join(file)).expect("the manifest is there");
    let objects = objects([&text_of]);
    let configs: BTreeMap<String, String> = objects
        .iter()
        .filter(|object| text(object, &["kind"]) == "ConfigMap")
        .flat_map(|config| map(config, &["data"]))
        .collect();
    let container = objects.iter().find_map(pod).and_then(|pod| items(pod, &["containers"]).next()).expect("one");
    let arguments = items(container, &["args"]).filter_map(Value::as_str).map(str::to_owned).collect();
    let value = |variable: &Value| {
        let (config, secret) = (["valueFrom", "configMapKeyRef", "key"], ["valueFrom", "secretKeyRef", "key"]);
        match (text(variable, &config), text(variable, &secret)) {
            ("", "") => text(variable, &["value"]).to_owned(),
            ("", _) => "predictions".to_owned(),
            (key, _) => configs[key].clone(),
        }
    };
    let variables =
        items(container, &["env"]).map(|variable| (text(variable, &["name"]).to_owned(), value(variable))).collect();
    let ports: BTreeMap<String, u64> = items(container, &["ports"])
        .map(|port| (text(port, &["name"]).to_owned(), port["containerPort"].as_u64().unwrap_or_default()))
        .collect();
    let probe = |name: &'static str| {
        let get = ["httpGet", "path"].iter().fold(container.get(name)?, |value, key| &value[*key]);
        let port = &container[name]["httpGet"]["port"];
        Some((name, (get.as_str()?.to_owned(), port.as_u64().or_else(|| ports.get(port.as_str()?).copied())?)))
    };
    let probes = ["startupProbe", "livenessProbe", "readinessProbe"].into_iter().filter_map(probe).collect();
    Container { arguments, variables, probes }
}

/// The program with what a container is given, but for where its neighbours and files are here.
fn here(container: &Container, postgres: &Postgres, mlflow: &Mlflow) -> Command {
    let arguments: Vec<&str> = container.arguments.iter().map(String::as_str).collect();
    let mut command = serving(&arguments);
    for (name, value) in &container.variables {
        let value = value
            .replace("http://mlflow.mlops.svc.cluster.local:5000", &mlflow.url())
            .replace("postgres.mlops.svc.cluster.local:5432", &format!("127.0.0.1:{}", postgres.port()))
            .replace("/etc/mlstack/model.yaml", &repository().join("models/diabetes.yaml").to_string_lossy());
        command.env(name, value);
    }
    command
}

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
fn training_and_api_run_by_the_words_of_the_manifests() {
    let (postgres, folder) = (Postgres::start(), tempfile::tempdir().unwrap());
    postgres.database("predictions", "predictions");
    let mlflow = Mlflow::start("3.17.2", &postgres);
    let (training, api) = (container("030-diabetes-training.yaml"), container("040-diabetes-api.yaml"));

    // The API may start before there is a model; its data come from the internet, which is not here.
    let (port, data) = (free_port(), folder.path().join("rows.csv"));
    fs::write(&data, rows()).unwrap();
    let listen = format!("127.0.0.1:{port}");
    let mut command = here(&api, &postgres, &mlflow);
    command.env("LISTEN", &listen).env("POLL_SECONDS", "0.2").env("CACHE_DIR", folder.path().join("cache"));
    let service = Api::run(command.env("SPOOL_DIR", folder.path().join("spool")), tempfile::tempdir().unwrap(), port);
    let probe = |name: &str| get(&service.url(&api.probes[name].0)).0;
    assert_eq!(api.probes.values().map(|(_, port)| *port).collect::<Vec<_>>(), [8000; 3]);
    assert_eq!((probe("startupProbe"), probe("livenessProbe"), probe("readinessProbe")), (503, 200, 503));

    done(here(&training, &postgres, &mlflow).env("DATA", &data));
    let service = service.ready();
    assert_eq!(
        ["startupProbe", "livenessProbe", "readinessProbe"].map(|name| get(&service.url(&api.probes[name].0)).0),
        [200; 3]
    );
    let row = json!({"Pregnancies": 1, "Glucose": 180, "BloodPressure": 70, "SkinThickness": 20, "Insulin": 79, "BMI": 32.5,
        "DiabetesPedigreeFunction": 0.47, "Age": 33});
    let (status, answer) = service.predict(&row);
    assert_eq!(
        (status, &answer["has_diabetes"], &answer["model_name"]),
        (200, &json!(true), &json!("diabetes-model")),
        "{answer}"
    );

    let logged = || postgres.superuser("predictions", "SELECT inputs->>'Glucose', version FROM prediction");
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let mut rows = String::new();
    while rows.is_empty() && std::time::Instant::now() < end {
        std::thread::sleep(std::time::Duration::from_millis(200));
        rows = if postgres.superuser("predictions", "SELECT to_regclass('prediction')").is_empty() {
            String::new()
        } else {
            logged()
        };
    }
    assert_eq!(rows, "180|1", "{}", service.log());
    // The Job once more, as another apply would start it.
    let (_, told) = done(here(&training, &postgres, &mlflow).env("DATA", &data));
    assert!(told.contains("nothing to train"), "{told}");
}
