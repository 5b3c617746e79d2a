//! What a real server cannot be brought to say, said by a small one: canned answers in order of calls.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::SystemTime,
};

use bytes::Bytes;
use secrecy::SecretString;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{Credentials, Error, File, Registry, Submission};

type Requests = Arc<Mutex<Vec<String>>>;

/// Serves the answer whose key the request's first line holds, and remembers the requests.
async fn server(answers: Vec<(&'static str, &'static str, &'static str)>) -> (String, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/below", listener.local_addr().unwrap());
    let requests = Requests::default();
    let seen = requests.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 1 << 16];
            let mut length = 0;
            // The body may come in a packet of its own.
            while !whole(&request[..length]) {
                length += stream.read(&mut request[length..]).await.unwrap();
            }
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let line = request.lines().next().unwrap_or_default();
            let answer = answers.iter().find(|(key, ..)| line.contains(key));
            let (_, head, body) = answer.unwrap_or_else(|| panic!("{line}"));
            let length = if head.contains("content-length") {
                String::new()
            } else {
                format!("content-length: {}\r\n", body.len())
            };
            let answer = format!("HTTP/1.1 {head}\r\n{length}connection: close\r\n\r\n{body}");
            seen.lock().unwrap().push(request);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address, requests)
}

fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

async fn aliased(head: &'static str, body: &'static str) -> Result<Option<crate::Version>, Error> {
    let (address, _) = server(vec![("", head, body)]).await;
    open(&address, &Credentials::default()).aliased("iris", "champion").await
}

fn open(address: &str, credentials: &Credentials) -> Registry {
    Registry::open(&address.parse().unwrap(), credentials).unwrap()
}

#[tokio::test]
async fn errors_say_what_to_do_and_show_nothing_of_the_database() {
    let database =
        r#"{"error_code": "BAD_REQUEST", "message": "(psycopg2.OperationalError) host=secret [SQL: SELECT secret]"}"#;
    let unique = r#"{"error_code": "RESOURCE_ALREADY_EXISTS", "message": "it exists. Error: (psycopg2) secret"}"#;
    let internal = r#"{"error_code": "INTERNAL_ERROR", "message": "postgresql://mlflow:secret@host"}"#;
    let other = r#"{"error_code": "INVALID_PARAMETER_VALUE", "message": "Invalid value for name.\nTraceback secret"}"#;
    for (head, body, transient, says) in [
        ("502 Bad Gateway", "<html>secret</html>", true, "502 Bad Gateway\n"),
        ("503 Service Unavailable", "", true, "503"),
        ("429 Too Many Requests", "", true, "429"),
        ("500 Internal Server Error", internal, true, "500 Internal Server Error: INTERNAL_ERROR\n"),
        ("400 Bad Request", database, true, "BAD_REQUEST\n"),
        ("400 Bad Request", unique, false, ": it exists.\n"),
        ("400 Bad Request", other, false, ": Invalid value for name.\n"),
        ("401 Unauthorized", "secret", false, "MLFLOW_TRACKING_USERNAME"),
        ("403 Forbidden", "Invalid Host header - possible DNS rebinding", false, "--allowed-hosts"),
        ("404 Not Found", "<html>secret</html>", false, "check the address"),
        ("302 Found\r\nlocation: https://login/?ticket=secret", "", false, "to https://login\n"),
        ("200 OK", "<html>secret</html>", false, "its answer is not MLflow's"),
        ("200 OK", "{}", false, "its answer is not MLflow's"),
    ] {
        let error = aliased(head, body).await.unwrap_err();
        let text = format!("{error}\n");
        assert!(text.contains(says) && text.contains("\n\nhint: "), "{head}: {text}");
        assert!(!format!("{error:?}{text}").contains("secret"), "{head}: {text}");
        assert_eq!(error.is_transient(), transient, "{text}");
    }
}

#[tokio::test]
async fn following_an_alias_is_one_request() {
    let answer = r#"{"model_version": {"name": "iris", "version": "3", "run_id": "r", "source": "models:/m-1",
        "tags": [{"key": "spec", "value": "x"}, {"key": "empty"}]}}"#;
    let (address, requests) = server(vec![("", "200 OK", answer)]).await;
    let version = open(&address, &Credentials::default()).aliased("iris", "champion").await.unwrap().unwrap();
    assert_eq!(
        (version.number.as_str(), version.tags["spec"].as_str(), version.tags["empty"].as_str()),
        ("3", "x", "")
    );
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].starts_with("GET /below/api/2.0/mlflow/registered-models/alias?name=iris&alias=champion HTTP"));
}

#[tokio::test]
async fn the_newest_versions_are_one_request() {
    let answer = r#"{"model_versions": [
        {"name": "iris", "version": "9", "creation_timestamp": 1763720000123},
        {"name": "iris", "version": 10, "creation_timestamp": "1763730000456"},
        {"name": "Iris", "version": "11"}, {"name": "iris", "version": "8"}], "next_page_token": "more"}"#;
    let (address, requests) = server(vec![("", "200 OK", answer)]).await;
    let versions = open(&address, &Credentials::default()).newest("iris", 50).await.unwrap();
    let found: Vec<_> = versions.iter().map(|version| (version.number.as_str(), version.created_ms)).collect();
    assert_eq!(found, [("10", Some(1_763_730_000_456)), ("9", Some(1_763_720_000_123)), ("8", None)]);
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].contains("&max_results=50&order_by=version_number+DESC HTTP"), "{}", requests[0]);
}

#[tokio::test]
async fn what_is_not_there_is_none() {
    for (head, body) in [
        (
            "400 Bad Request",
            r#"{"error_code": "INVALID_PARAMETER_VALUE", "message": "Registered model alias champion not found."}"#,
        ),
        (
            "404 Not Found",
            r#"{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "Registered Model with name=iris not found"}"#,
        ),
    ] {
        assert_eq!(aliased(head, body).await.unwrap(), None);
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_transient() {
    let error = aliased("200 OK\r\ncontent-length: 1000", "{").await.unwrap_err();
    assert!(error.is_transient(), "{error}");
}

#[tokio::test]
async fn pages_are_followed_and_numbers_may_be_numbers() {
    let (address, _) = server(vec![
        ("page_token=a%2Fb", "200 OK", r#"{"model_versions": [{"name": "iris", "version": 10, "run_id": ""}], "next_page_token": ""}"#),
        ("", "200 OK", r#"{"model_versions": [{"name": "iris", "version": "9"}, {"name": "Iris", "version": "1"}], "next_page_token": "a/b"}"#),
    ])
    .await;
    let versions = open(&address, &Credentials::default()).versions("iris").await.unwrap();
    assert!(versions.iter().map(|version| version.number.as_str()).eq(["10", "9"]), "{versions:?}");
    let (address, _) = server(vec![("", "200 OK", "{}")]).await;
    assert_eq!(open(&address, &Credentials::default()).versions("iris").await.unwrap(), []);
}

#[tokio::test]
async fn credentials_are_sent_and_never_shown() {
    let secret = || Some(SecretString::from("secret"));
    let basic = Credentials { username: Some("me".to_owned()), password: secret(), token: None };
    let token = Credentials { token: secret(), ..basic.clone() };
    for (credentials, header) in [(basic, "authorization: Basic bWU6c2VjcmV0"), (token, "authorization: Bearer secret")]
    {
        let (address, requests) = server(vec![("GET /below/api/2.0/mlflow/", "200 OK", "{}")]).await;
        let registry = open(&address, &credentials);
        registry.versions("iris").await.unwrap();
        assert!(requests.lock().unwrap()[0].to_lowercase().contains(&header.to_lowercase()));
        assert_eq!(registry.shown(), address);
        assert!(!format!("{registry:?}{credentials:?}").contains("secret"));
    }
}

#[tokio::test]
async fn a_run_whose_upload_fails_is_marked_as_failed() {
    let (address, requests) = server(vec![
        ("experiments/get-by-name", "200 OK", r#"{"experiment": {"experiment_id": 7}}"#),
        (
            "runs/create",
            "200 OK",
            r#"{"run": {"info": {"run_id": "r", "artifact_uri": "mlflow-artifacts:/7/r/artifacts"}}}"#,
        ),
        ("runs/log-batch", "200 OK", "{}"),
        ("PUT /below/api/2.0/mlflow-artifacts/artifacts/7/r/artifacts/model/m.onnx ", "507 Insufficient Storage", ""),
        ("runs/update", "200 OK", "{}"),
    ])
    .await;
    let params = (0..250).map(|n| (format!("p{n:03}"), "1".to_owned())).collect();
    let submission = Submission {
        model: "iris".to_owned(),
        experiment: "e".to_owned(),
        run_name: "r".to_owned(),
        params,
        metrics: BTreeMap::new(),
        tags: BTreeMap::new(),
        model_files: vec![File { path: "m.onnx".to_owned(), bytes: Bytes::from_static(b"x") }],
        run_files: Vec::new(),
        started: SystemTime::now(),
    };
    let error = open(&address, &Credentials::default()).register(submission).await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("507"), "{error}");
    let requests = requests.lock().unwrap();
    let batches: Vec<usize> = requests
        .iter()
        .filter(|one| one.contains("runs/log-batch"))
        .map(|one| one.matches("\"key\"").count())
        .collect();
    assert_eq!(batches, [100, 100, 50]);
    assert!(requests.last().unwrap().contains(r#""status":"FAILED""#), "{requests:#?}");
    assert!(!requests.iter().any(|one| one.contains("model-versions/create")));
}

#[tokio::test]
async fn an_alias_that_the_database_refuses_is_set_again() {
    let (address, requests) =
        server(vec![("", "400 Bad Request", r#"{"error_code": "BAD_REQUEST", "message": "UniqueViolation"}"#)]).await;
    let error = open(&address, &Credentials::default()).set_alias("iris", "champion", "1").await.unwrap_err();
    assert!(error.is_transient() && !error.to_string().contains("Unique"), "{error}");
    assert_eq!(requests.lock().unwrap().len(), 3);
}
