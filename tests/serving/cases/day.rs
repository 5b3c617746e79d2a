//! A day of a model, as the README tells it: trained, registered, served, asked.

use serde_json::json;

use crate::program::{Api, done, get, model_file, post, serving};

#[test]
fn a_model_is_trained_once_and_served() {
    let (folder, iris) = (tempfile::tempdir().unwrap(), model_file("iris"));
    let registry = folder.path().join("registry").to_string_lossy().into_owned();
    let train = || done(&mut serving(&["train", "--model-file", &iris, "--registry", &registry]));
    let (out, err) = train();
    assert!(out.contains("accuracy") && err.contains("champion is version 1 now"), "{out}{err}");
    let (_, err) = train();
    assert!(err.contains("nothing to train"), "{err}");

    let api = Api::start(&iris, &registry, &[], &[("API_KEY", "old,new")]).ready();
    let row = json!({"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2});
    let (status, answer) = post(&api.url("/predict"), &row.to_string(), &[("X-API-Key", "new")]);
    assert_eq!(status, 200, "{answer}");
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!((&answer["class"], &answer["model_version"]), (&json!("setosa"), &json!("1")));
    let (refused, words) = post(&api.url("/predict"), &row.to_string(), &[("X-API-Key", "newer")]);
    assert_eq!((refused, words), (401, post(&api.url("/predict"), "", &[]).1));
    assert!(!api.log().contains("newer") && get(&api.url("/docs/")).0 == 200);
    assert_eq!(api.metric("model_predictions_total{class=\"setosa\",model=\"iris-model\"}"), Some(1.0));
}
