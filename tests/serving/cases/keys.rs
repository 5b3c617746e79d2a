//! Keys open what they are for, and are never told.

use std::fs;

use crate::{
    page::stack::Page,
    program::{Api, serving},
    project::{Project, api, rows},
    wire::{answer, get as asked, post},
};

#[test]
fn keys_open_and_are_never_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let keys = file("keys", "first-s3cret\nsecond-s3cret\n");
    let token = file("token", "token-s3cret\n");
    let api = api(
        &["--log-level", "trace"],
        &[
            ("API_KEY_FILE", &keys),
            ("MONITORING_TOKEN_FILE", &token),
            ("MLFLOW_TRACKING_PASSWORD", "password-s3cret"),
            ("PGPASSWORD", "password-s3cret"),
        ],
    );
    let row = rows()[0].to_string();
    let status = |key: &str| answer(&api, &post("/predict", &row, &format!("X-API-Key: {key}\r\n"))).status;
    assert_eq!(["first-s3cret", "second-s3cret", "third-s3cret", "first-s3cret\tx"].map(status), [200, 200, 401, 401]);
    let bodies = ["", "X-API-Key: wrong-s3cret\r\n", "X-API-Key: \r\n"].map(|header| {
        let refused = answer(&api, &post("/predict", &row, header));
        assert_eq!((refused.status, refused.header("www-authenticate").as_deref()), (401, Some("apikey")));
        refused.body
    });
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    let get = |path: &str, header: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{header}\r\n");
        answer(&api, &request).status
    };
    let headers = ["", "Authorization: Bearer first-s3cret\r\n", "Authorization: Bearer token-s3cret\r\n"];
    assert_eq!(headers.map(|header| get("/metrics", header)), [401, 401, 200]);
    assert_eq!(headers.map(|header| get("/drift", header)), [401, 401, 404]);
    assert_eq!(answer(&api, &asked("/health?key=query-s3cret")).status, 200);
    assert_eq!(answer(&api, &asked("/nothing/path-s3cret")).status, 404);
    let log = api.log();
    assert!(log.contains("\"status\":401") && !log.contains("s3cret"), "{log}");
}

#[test]
fn an_empty_key_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::write(&empty, "\n").unwrap();
    let (empty, gone) = (empty.to_string_lossy(), folder.path().join("gone").to_string_lossy().into_owned());
    let project = Project::new();
    for (name, value, words) in [
        ("API_KEY", "", "API_KEY is set, but holds no key"),
        ("API_KEY", " , ", "API_KEY is set, but holds no key"),
        ("API_KEY_FILE", &*empty, "API_KEY is set, but holds no key"),
        ("API_KEY_FILE", &*gone, "which API_KEY_FILE names"),
        ("MONITORING_TOKEN", "", "MONITORING_TOKEN is set, but holds no key"),
    ] {
        let (file, registry) = (project.model_file(), project.registry());
        let mut command = serving(&["serve", "--model-file", &file, "--registry", &registry]);
        let ended = servers::run(command.env(name, value));
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{said}");
        assert!(said.contains(words) && said.contains("hint: "), "{said}");
    }
}

/// The page reads keys as an API does, and sends the first: a key is replaced in the one Secret that both read.
#[test]
fn the_page_has_a_key_as_its_api_does() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let (keys, empty) = (file("keys", "new-s3cret\nold-s3cret\n"), file("empty", "\n"));
    let iris = ("API_URL_IRIS", "http://127.0.0.1:9");
    for (variables, words) in [
        (
            &[("API_KEY_IRIS", "k-s3cret"), ("API_KEY_IRIS_FILE", &keys)][..],
            "API_KEY_IRIS and API_KEY_IRIS_FILE are both set",
        ),
        (&[("API_KEY_IRIS_FILE", &empty)], "API_KEY_IRIS is set, but holds no key"),
        (&[("API_KEY_IRIS", "clé-s3cret")], "API_KEY_IRIS holds characters that no request can carry"),
        (&[("MONITORING_TOKEN_IRSI", "t-s3cret")], "MONITORING_TOKEN_IRSI belongs to no model"),
    ] {
        // Started all the same, it would end at once: no machine has this address.
        let listen = ("LISTEN", "192.0.2.1:1");
        let ended = servers::run(serving(&["ui"]).envs([iris, listen]).envs(variables.iter().copied()));
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{said}");
        assert!(said.contains(words) && said.contains("\n\nhint: ") && !said.contains("s3cret"), "{said}");
    }
    let api = api(&[], &[("MONITORING_TOKEN", "new-s3cret,old-s3cret")]);
    for token in [("MONITORING_TOKEN_IRIS", "new-s3cret, old-s3cret"), ("MONITORING_TOKEN_IRIS_FILE", &keys)] {
        let page = Page::of(&[("API_URL_IRIS", &api.url("")), token]);
        let versions = page.url("/en/models/iris/watch/parts");
        page.page.until("versions", |_| crate::program::get(&versions).1.contains(">champion<"));
    }
}

/// The kubelet has no keys.
#[test]
fn probes_need_no_key_and_tell_the_same_without_a_model() {
    let project = Project::new();
    let keys = [("API_KEY", "k3y"), ("MONITORING_TOKEN", "t0ken")];
    let api = Api::start(&project.model_file(), &project.registry(), &[], &keys);
    let statuses = |api: &Api| ["/health", "/startup", "/ready", "/"].map(|path| answer(api, &asked(path)).status);
    let health = |api: &Api| answer(api, &asked("/health")).body;
    assert_eq!(statuses(&api), [200, 503, 503, 200]);
    assert_eq!(health(&api), r#"{"status":"healthy","model_loaded":false,"version":"0.1.0"}"#);
    project.train(&project.registry(), 0);
    let api = api.ready();
    assert_eq!(statuses(&api), [200; 4]);
    assert_eq!(health(&api), r#"{"status":"healthy","model_loaded":true,"version":"0.1.0"}"#);
    let row = rows()[0].to_string();
    assert_eq!(answer(&api, &post("/predict", &row, "")).status, 401);
    assert_eq!(answer(&api, &post("/predict", &row, "X-API-Key: k3y\r\n")).status, 200);
}
