//! What the service answers, without a socket: the router is asked directly.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use forest::Table;
use model_file::ModelFile;
use prediction_log::{Destination, PredictionLog, Settings};
use registry::File;
use serde_json::{Value, json};
use serving::{
    model::{Loaded, MODEL, REFERENCE},
    serve::{Keys, Limits, Parts, Service, Shared, router},
    train::judge,
};
use tower::ServiceExt;

const ROW: [(&str, f64); 8] = [
    ("Pregnancies", 1.0),
    ("Glucose", 120.0),
    ("BloodPressure", 70.0),
    ("SkinThickness", 20.0),
    ("Insulin", 79.0),
    ("BMI", 32.0),
    ("DiabetesPedigreeFunction", 0.47),
    ("Age", 33.0),
];

fn row() -> Value {
    ROW.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect::<serde_json::Map<_, _>>().into()
}

/// Rows in which much glucose is the illness, and age tells a little.
fn rows() -> String {
    let names: Vec<&str> = ROW.iter().map(|(name, _)| *name).collect();
    let row = |place: u32| {
        let (glucose, age) = (60 + place * 37 % 130, 21 + place * 53 % 60);
        let ill = u32::from(glucose + age / 4 > 140);
        format!("{},{glucose},70,20,79,{},0.47,{age},{ill}\n", place % 9, 20.0 + f64::from(place % 23) / 2.0)
    };
    format!("{},Outcome\n{}", names.join(","), (0..400).map(row).collect::<String>())
}

fn service(with_model: bool) -> Shared {
    let service = service_with(None);
    if with_model {
        serve(&service);
    }
    service
}

fn service_with(log: Option<PredictionLog>) -> Shared {
    service_within(Duration::from_secs(5), log)
}

fn service_within(timeout: Duration, log: Option<PredictionLog>) -> Shared {
    let text = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/diabetes.yaml")).expect("the model file");
    let (file, _) = ModelFile::read("diabetes.yaml", &text).expect("it is right");
    let limits = Limits { body: 1 << 20, rows: 100, at_once: 8, timeout };
    let model = file.registry.model.value.clone();
    let parts =
        Parts { file, model, api_keys: Keys::default(), monitoring: Keys::default(), limits, log, traced: false };
    Service::new(parts).expect("a service")
}

/// Serves a version 7, with its background sample.
fn serve(service: &Shared) {
    serve_with(service, true);
}

fn serve_with(service: &Shared, background: bool) {
    let file = &service.file;
    let table = Table::read("rows.csv", rows().as_bytes(), file).expect("good rows");
    let judged = judge(file, &table, 0).expect("a model");
    let onnx = forest::export(&judged.ensemble, &judged.columns, file);
    let mut files = vec![File { path: MODEL.into(), bytes: onnx.into() }];
    if background {
        let reference = serde_json::to_vec(&forest::Reference::of(&table, file)).expect("JSON");
        files.push(File { path: REFERENCE.into(), bytes: reference.into() });
    }
    service.serve(Loaded::new("7", &files, file).expect("a good version"));
}

async fn ask(service: &Shared, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let answer = router(&Arc::clone(service)).oneshot(request.body(body).expect("a request")).await.expect("an answer");
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

#[tokio::test]
async fn the_model_file_says_what_an_answer_holds() {
    let service = service(true);
    let (status, low) = ask(&service, "POST", "/predict", row()).await;
    assert_eq!(status, StatusCode::OK, "{low}");
    assert_eq!((&low["has_diabetes"], &low["risk_level"]), (&json!(false), &json!("Faible")), "{low}");
    assert_eq!((&low["class"], &low["label"]), (&json!("0"), &json!("Pas de diabète")));
    assert_eq!((&low["model_name"], &low["model_version"]), (&json!("diabetes-model"), &json!("7")));
    assert_eq!(low["probability"], low["probabilities"]["1"]);
    assert!(low.get("warnings").is_none());

    let mut ill = row();
    ill["Glucose"] = json!(900);
    let (_, answers) = ask(&service, "POST", "/predict", json!([ill, row()])).await;
    assert_eq!((&answers[0]["has_diabetes"], &answers[0]["risk_level"]), (&json!(true), &json!("Élevé")), "{answers}");
    assert_eq!(answers[0]["warnings"][0]["field"], "Glucose");
    assert_eq!(answers[1], low);
}

#[tokio::test]
async fn everything_that_does_not_fit_is_named() {
    let service = service(true);
    let mut wrong = row();
    wrong["Age"] = json!(33.5);
    wrong["BMI"] = json!("heavy");
    wrong["Glukose"] = wrong["Glucose"].take();
    let (status, answer) = ask(&service, "POST", "/predict", json!([row(), wrong])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = answer["fields"].as_array().expect("fields");
    let named: Vec<_> =
        fields.iter().map(|field| (field["row"].as_u64(), field["field"].as_str().unwrap_or(""))).collect();
    for field in ["Age", "BMI", "Glukose", "Glucose"] {
        assert!(named.contains(&(Some(1), field)), "{field}: {answer}");
    }
    assert_eq!(named.len(), 4, "{answer}");

    let many: Vec<Value> = std::iter::repeat_with(row).take(101).collect();
    assert_eq!(ask(&service, "POST", "/predict", json!(many)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(ask(&service, "POST", "/predict", json!("row")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ask(&service, "POST", "/predict", Value::Null).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn without_a_model_the_process_lives_and_takes_no_traffic() {
    let service = service(false);
    let (status, health) = ask(&service, "GET", "/health", Value::Null).await;
    assert_eq!((status, &health["model_loaded"]), (StatusCode::OK, &json!(false)));
    for path in ["/startup", "/ready", "/v2/health/ready", "/v2/models/diabetes-model"] {
        assert_eq!(ask(&service, "GET", path, Value::Null).await.0, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    for path in ["/predict", "/explain"] {
        assert_eq!(ask(&service, "POST", path, row()).await.0, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    let service = self::service(true);
    service.drain();
    assert_eq!(ask(&service, "GET", "/ready", Value::Null).await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ask(&service, "GET", "/startup", Value::Null).await.0, StatusCode::OK);
    assert_eq!(ask(&service, "POST", "/predict", row()).await.0, StatusCode::OK);
}

/// Rows that the service counted as predictions.
fn counted(service: &Shared) -> u64 {
    service.metrics.predictions.iter().map(prometheus::IntCounter::get).sum()
}

#[tokio::test]
async fn an_explanation_is_the_prediction_and_what_moved_it() {
    let service = service(true);
    let mut ill = row();
    (ill["Glucose"], ill["Age"]) = (json!(180), json!(60));
    let (_, predicted) = ask(&service, "POST", "/predict", json!([row(), ill])).await;
    let before = counted(&service);
    let (status, explained) = ask(&service, "POST", "/explain", json!([row(), ill])).await;
    assert_eq!((status, counted(&service), before), (StatusCode::OK, before, 2), "{explained}");
    for (explained, predicted) in explained.as_array().expect("an array").iter().zip(predicted.as_array().expect("too"))
    {
        for (field, value) in predicted.as_object().expect("an answer") {
            assert_eq!(&explained[field], value, "{field}");
        }
        let contributions = explained["contributions"].as_object().expect("contributions");
        assert_eq!(contributions.len(), 8);
        for class in ["0", "1"] {
            let sum: f64 = contributions.values().map(|classes| classes[class].as_f64().expect("a number")).sum();
            let base = explained["base_values"][class].as_f64().expect("a number");
            let probability = predicted["probabilities"][class].as_f64().expect("a number");
            assert!((base + sum - probability).abs() < 1e-9, "{explained}");
        }
        let moved = |feature: &str| contributions[feature]["1"].as_f64().expect("a number").abs();
        // Glucose is the illness; blood pressure is the same in all rows.
        assert!(moved("Glucose") > 0.1 && moved("BloodPressure") == 0.0, "{explained}");
    }
    let (_, one) = ask(&service, "POST", "/explain", row()).await;
    assert_eq!(one, explained[0]);

    let many: Vec<Value> = std::iter::repeat_with(row).take(101).collect();
    assert_eq!(ask(&service, "POST", "/explain", json!(many)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(ask(&service, "POST", "/explain", json!([])).await, (StatusCode::OK, json!([])));
    let (status, answer) = ask(&service, "POST", "/explain", json!([row(), {"Age": 1}])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((&answer["fields"][0]["row"], answer["fields"].as_array().map(Vec::len)), (&json!(1), Some(7)));
    assert_eq!(ask(&service, "GET", "/explain", Value::Null).await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_is_explained_for_nobody_any_more_keeps_its_place() {
    let service = service_within(Duration::from_millis(50), None);
    serve(&service);
    let places = service.explaining.available_permits();
    assert!(places > 0);
    let rows = json!(vec![row(); 100]);
    assert_eq!(ask(&service, "POST", "/explain", rows).await.0, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(service.explaining.available_permits(), places - 1);
    let all = u32::try_from(places).expect("a few");
    let others = service.explaining.acquire_many(all).await.expect("when it has ended");
    let (status, answer) = ask(&service, "POST", "/explain", row()).await;
    assert_eq!(
        (status, &answer["error"]),
        (StatusCode::SERVICE_UNAVAILABLE, &json!("too many predictions are being explained"))
    );
    assert_eq!(ask(&service, "POST", "/predict", row()).await.0, StatusCode::OK);
    drop(others);
    assert_eq!(ask(&service, "POST", "/explain", json!([])).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_version_without_a_background_sample_predicts_and_explains_nothing() {
    let service = service(false);
    serve_with(&service, false);
    assert_eq!(ask(&service, "POST", "/predict", row()).await.0, StatusCode::OK);
    let (status, answer) = ask(&service, "POST", "/explain", row()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(answer["error"], "version 7 has no background sample to explain predictions by");
    assert!(answer["hint"].as_str().is_some_and(|hint| hint.contains("serving train")), "{answer}");
}

#[tokio::test]
async fn what_is_only_tried_is_neither_logged_nor_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let (place, stem) = (folder.path().to_owned(), "pod".to_owned());
    let destination = Destination::JsonLines { folder: place, stem, rotate_at: 1 << 20 };
    let (log, writer) = prediction_log::start(destination, &Settings::default()).expect("a log");
    let service = service_with(Some(log));
    serve(&service);
    let (_, kept) = ask(&service, "POST", "/predict", row()).await;
    for path in ["/predict?log=true", "/predict?logs=false", "/predict?who=me"] {
        assert_eq!(ask(&service, "POST", path, row()).await, (StatusCode::OK, kept.clone()), "{path}");
    }
    assert_eq!(counted(&service), 4);
    for path in ["/predict?log=false", "/predict?who=me&log=false"] {
        assert_eq!(ask(&service, "POST", path, json!([row(), row()])).await, (StatusCode::OK, json!([kept, kept])));
    }
    ask(&service, "POST", "/explain", row()).await;
    assert_eq!(counted(&service), 4);
    for value in ["", "no", "False", "0"] {
        let (status, answer) = ask(&service, "POST", &format!("/predict?log={value}"), row()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{value}");
        let error = answer["error"].as_str().unwrap_or_default();
        assert!(error.starts_with("the parameter log must be true or false, found "), "{error}");
    }
    writer.close(Duration::from_secs(5)).await;
    let files = std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|file| file.path());
    let text: String = files.filter_map(|file| std::fs::read_to_string(file).ok()).collect();
    assert_eq!(text.lines().count(), 4, "{text}");
}

#[tokio::test]
async fn both_protocols_tell_the_same_probabilities() {
    let service = service(true);
    let (_, answer) = ask(&service, "POST", "/predict", row()).await;
    let matrix = json!([ROW.map(|(_, value)| value)]);
    let columns: Vec<Value> = ROW
        .iter()
        .map(|(name, value)| json!({"name": name, "shape": [1, 1], "datatype": "FP64", "data": [value]}))
        .collect();
    for inputs in [json!([{"name": "input", "shape": [1, 8], "datatype": "FP32", "data": matrix}]), json!(columns)] {
        let body = json!({"inputs": inputs, "outputs": [{"name": "probabilities"}]});
        let (status, told) = ask(&service, "POST", "/v2/models/diabetes-model/versions/7/infer", body).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        assert_eq!(told["outputs"][0]["data"][1], answer["probability"]);
    }
    let (status, told) =
        ask(&service, "POST", "/v2/models/diabetes-model/versions/8/infer", json!({"inputs": []})).await;
    assert_eq!((status, told["error"].is_string()), (StatusCode::NOT_FOUND, true));
}

#[tokio::test]
async fn the_description_has_the_features_of_the_model() {
    let (_, api) = ask(&service(true), "GET", "/openapi.json", Value::Null).await;
    let schemas = &api["components"]["schemas"];
    let row = &schemas["Row"];
    assert_eq!(row["required"].as_array().map(Vec::len), Some(8), "{row}");
    assert_eq!(
        (&row["properties"]["Age"]["type"], &row["properties"]["BMI"]["type"]),
        (&json!("integer"), &json!("number"))
    );
    assert_eq!(row["additionalProperties"], json!(false));
    assert_eq!(schemas["Answer"]["properties"]["has_diabetes"]["type"], "boolean");
    // No schema is left as the code has it before it knows the model.
    for name in ["Row", "Answer", "PredictRequest", "PredictResponse", "Explanation", "ExplainResponse", "DriftReport"]
    {
        assert!(schemas[name].as_object().is_some_and(|schema| !schema.is_empty()), "{name}: {}", schemas[name]);
    }
    assert_eq!(schemas["PredictRequest"]["oneOf"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_model_is_told_with_all_its_languages() {
    let service = service(true);
    let (_, model) = ask(&service, "GET", "/model", Value::Null).await;
    // Names and labels are those of requests and answers; who shows them picks a language.
    assert_eq!(
        (&model["features"][2]["name"], &model["classes"][0]["label"]),
        (&json!("BloodPressure"), &json!("Pas de diabète"))
    );
    let words = |language: &str| model["translations"][language].clone();
    assert_eq!(words("fr")["features"]["BloodPressure"], "Pression artérielle diastolique");
    assert_eq!(
        (&words("en")["classes"]["0"], &words("en")["risk_levels"]["Faible"]),
        (&json!("No diabetes"), &json!("Low"))
    );
    let told: model_file::Description = serde_json::from_value(model).expect("a description");
    assert_eq!(told, service.file.description(Some("7"), true));
    // The schema names all that a block has.
    let (_, api) = ask(&service, "GET", "/openapi.json", Value::Null).await;
    let block = &api["components"]["schemas"]["ModelDescription"]["properties"]["translations"]["additionalProperties"];
    for (language, stated) in &told.translations {
        let stated = serde_json::to_value(stated).expect("JSON");
        for key in stated.as_object().expect("a block").keys() {
            assert!(block["properties"].get(key).is_some(), "{language} {key}: {block}");
        }
    }
}

#[tokio::test]
async fn traffic_is_what_the_process_answered() {
    let service = service(false);
    let (status, none) = ask(&service, "GET", "/traffic", Value::Null).await;
    let buckets = |told: &Value| told["buckets"].as_array().map_or(0, Vec::len);
    assert_eq!((status, &none["requests"], buckets(&none)), (StatusCode::OK, &json!(0), 12));
    // Without a model: an error of ours.
    ask(&service, "POST", "/predict", row()).await;
    serve(&service);
    ask(&service, "POST", "/predict", row()).await;
    ask(&service, "POST", "/predict", json!({})).await;
    ask(&service, "GET", "/health", Value::Null).await;
    // What is only tried is nobody's demand.
    ask(&service, "POST", "/predict?log=false", row()).await;
    ask(&service, "POST", "/explain", row()).await;
    let (_, told) = ask(&service, "GET", "/traffic", Value::Null).await;
    assert_eq!((&told["requests"], &told["errors"]), (&json!(3), &json!(1)), "{told}");
    assert!(told["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0), "{told}");
    assert_eq!((buckets(&told), &told["buckets"][11]), (12, &json!([10.0, 3])), "{told}");
    assert_eq!(told["instance"], none["instance"]);
    let (_, other) = ask(&self::service(false), "GET", "/traffic", Value::Null).await;
    assert_ne!(told["instance"], other["instance"]);
}

#[tokio::test]
async fn versions_are_those_of_the_registry() {
    let service = service(false);
    let (status, none) = ask(&service, "GET", "/versions", Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    let wanted = json!({"model": "diabetes-model", "alias": "", "served": null, "versions": []});
    assert_eq!(none, wanted);

    let folder = tempfile::tempdir().expect("a folder");
    let location = folder.path().to_str().expect("text").parse().expect("a folder");
    let registry = registry::Registry::open(&location, &registry::Credentials::default()).expect("a registry");
    for _ in 0..3 {
        registry.register(submission(&service)).await.expect("a version");
    }
    let cache = serving::serve::Cache::new(folder.path().join("cache"), "test".to_owned());
    let (alias, every) = ("champion".to_owned(), Duration::from_millis(100));
    let following = serving::serve::Follow { registry: registry.clone(), alias, every, largest: 1 << 30, cache };
    let follower = tokio::spawn(serving::serve::follow(service.clone(), following));
    let told = async |wanted: Value| {
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let told = ask(&service, "GET", "/versions", Value::Null).await.1;
            let aliases: Value =
                told["versions"].as_array().expect("a list").iter().map(|one| one["aliases"].clone()).collect();
            if aliases == wanted {
                return told;
            }
        }
        panic!("no list of {wanted}");
    };
    // Also while none of them is to be served.
    let waiting = told(json!([[], [], []])).await;
    assert_eq!((&waiting["alias"], &waiting["served"]), (&json!("champion"), &Value::Null), "{waiting}");
    registry.set_alias("diabetes-model", "champion", "2").await.expect("an alias");
    let told = told(json!([[], ["champion"], []])).await;
    follower.abort();
    let numbers: Value =
        told["versions"].as_array().expect("a list").iter().map(|one| one["version"].clone()).collect();
    assert_eq!((&told["served"], numbers), (&json!("2"), json!(["3", "2", "1"])), "{told}");
    let created = told["versions"][0]["created"].as_str().expect("a time");
    assert!(created.starts_with("20") && created.ends_with('Z'), "{told}");
}

#[tokio::test]
async fn who_watches_needs_the_token() {
    let text = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/diabetes.yaml")).expect("the model file");
    let (file, _) = ModelFile::read("diabetes.yaml", &text).expect("it is right");
    let limits = Limits { body: 1 << 20, rows: 100, at_once: 8, timeout: Duration::from_secs(5) };
    let monitoring = Keys::read("MONITORING_TOKEN", Some(&"token".into())).expect("a token");
    let (model, api_keys) = (file.registry.model.value.clone(), Keys::default());
    let service =
        Service::new(Parts { file, model, api_keys, monitoring, limits, log: None, traced: false }).expect("a service");
    for path in ["/versions", "/traffic"] {
        for (sent, wanted) in
            [("Bearer token", StatusCode::OK), ("Bearer t", StatusCode::UNAUTHORIZED), ("", StatusCode::UNAUTHORIZED)]
        {
            let request = Request::get(path).header("authorization", sent).body(Body::empty()).expect("a request");
            let answer = router(&service).oneshot(request).await.expect("an answer");
            assert_eq!(answer.status(), wanted, "{path} {sent}");
        }
    }
}

fn submission(service: &Shared) -> registry::Submission {
    let table = Table::read("rows.csv", rows().as_bytes(), &service.file).expect("good rows");
    let judged = judge(&service.file, &table, 0).expect("a model");
    let onnx = forest::export(&judged.ensemble, &judged.columns, &service.file);
    registry::Submission {
        model: service.words.model.clone(),
        experiment: "test".into(),
        run_name: "test".into(),
        params: [].into(),
        metrics: [].into(),
        tags: [].into(),
        model_files: vec![File { path: MODEL.into(), bytes: onnx.into() }],
        run_files: vec![],
        started: std::time::SystemTime::now(),
    }
}

/// What `serving drift` would say of a window, about the version that is served.
fn report(window: &mut drift::Window) -> serving::drift::Report {
    serving::drift::Report {
        model: "diabetes-model".into(),
        version: "7".into(),
        created: "2026-11-21T12:00:00Z".into(),
        window: serving::drift::Rows::default(),
        drift: window.report(drift::Limits::default()),
    }
}

#[tokio::test]
async fn a_drift_report_is_shown_until_another_version_is_served() {
    let service = service(true);
    assert_eq!(ask(&service, "GET", "/drift", Value::Null).await.0, StatusCode::NOT_FOUND);
    let mut window = drift::Window::new([("Age".to_owned(), drift::Sample::Numbers(vec![1.0, 2.0, 3.0]))]);
    window.row();
    window.number(0, 2.0);
    let report = report(&mut window);
    // As it comes from the registry.
    let read = |text: &str, version: &str| serving::drift::Report::read(text.as_bytes(), "diabetes-model", version);
    let text = report.json();
    assert_eq!(read(&text, "7"), Ok(report.clone()));
    for (text, version, wanted) in [
        (text.as_str(), "8", "about version 7"),
        (&text.replace("diabetes", "iris"), "7", "about version 7 of iris-model"),
        (&text.replace("2026-11-21T", "today "), "7", "no time"),
        ("[]", "7", ""),
    ] {
        let refused = read(text, version).expect_err(wanted);
        assert!(refused.contains(wanted), "{refused}");
    }
    assert!(service.metrics.drift.show(Some(&report)) && !service.metrics.drift.show(Some(&report)));
    let (status, told) = ask(&service, "GET", "/drift", Value::Null).await;
    assert_eq!((status, &told["status"], &told["version"]), (StatusCode::OK, &json!("not_enough_data"), &json!("7")));
    service.metrics.serves("diabetes-model", "8");
    assert_eq!(ask(&service, "GET", "/drift", Value::Null).await.0, StatusCode::NOT_FOUND);
}

/// What alerts and dashboards may ask for: `tests/tests/hermetic/monitoring.rs` compares them with this text.
#[tokio::test]
async fn metrics_have_these_names_and_labels() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, stem) = (folder.path().to_owned(), "pod".to_owned());
    let destination = Destination::JsonLines { folder, stem, rotate_at: 1 << 20 };
    let (log, _writer) = prediction_log::start(destination, &Settings::default()).expect("a log");
    let service = service_with(Some(log));
    assert_eq!(ask(&service, "POST", "/predict", row()).await.0, StatusCode::SERVICE_UNAVAILABLE);
    serve(&service);
    ask(&service, "POST", "/predict", row()).await;
    ask(&service, "POST", "/v2/models/diabetes-model/infer", json!({"inputs": []})).await;

    let numbers = || (0_u8..200).map(f32::from);
    let sexes = drift::Sample::Words(["f", "m"].map(|sex| (sex.to_owned(), 100)).into());
    let reference = [("Age".to_owned(), drift::Sample::Numbers(numbers().collect())), ("Sex".to_owned(), sexes)];
    let mut window = drift::Window::new(reference);
    for number in numbers() {
        window.row();
        window.number(0, number + 100.0);
        window.word(1, "f");
    }
    let report = report(&mut window);
    service.metrics.drift.show(Some(&report));

    let request = Request::get("/metrics").body(Body::empty()).expect("a request");
    let answer = router(&service).oneshot(request).await.expect("an answer");
    let text = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    let text = String::from_utf8(text.to_vec()).expect("text");
    let lines = text.lines().map(|line| match line.rsplit_once(' ') {
        Some((series, _)) if !line.starts_with('#') => series,
        _ => line,
    });
    let text = lines.collect::<Vec<_>>().join("\n").replace(env!("CARGO_PKG_VERSION"), "0.0.0");
    insta::assert_snapshot!("metrics", text);
}
