//! The page of how a model is doing, against an API that says what each test wants.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, Request, StatusCode},
    routing::get,
};
use page::{Api, Page, Shared, router};
use serde_json::{Value, json};
use tower::ServiceExt;

/// What the API says.
#[derive(Default)]
struct Says {
    token: &'static str,
    requests: AtomicU64,
    report: Mutex<Option<Value>>,
    /// What it says instead of what its model is.
    refuses: Mutex<Option<(StatusCode, &'static str)>>,
    /// Connections that asked for the traffic, by whether they were to be closed.
    closed: AtomicU64,
}

type Answer = (StatusCode, Json<Value>);

fn told(says: &Says, headers: &HeaderMap, answer: Value) -> Answer {
    let token = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if token == format!("Bearer {}", says.token) {
        return (StatusCode::OK, Json(answer));
    }
    (StatusCode::UNAUTHORIZED, Json(json!({"error": "the monitoring token is needed"})))
}

async fn traffic(State(says): State<Arc<Says>>, headers: HeaderMap) -> Answer {
    if headers.get("connection").is_some_and(|value| value == "close") {
        says.closed.fetch_add(1, Ordering::Relaxed);
    }
    let requests = says.requests.load(Ordering::Relaxed);
    let buckets = json!([[0.001, requests / 2], [0.01, requests]]);
    let body = json!({"instance": "a", "since": "2026-11-21T10:00:00Z", "requests": requests, "errors": 0,
                      "seconds": 1.0, "buckets": buckets});
    told(&says, &headers, body)
}

async fn drift(State(says): State<Arc<Says>>, headers: HeaderMap) -> Answer {
    match says.report.lock().expect("a lock").clone() {
        Some(report) => told(&says, &headers, report),
        None => (StatusCode::NOT_FOUND, Json(json!({"error": "there is no drift report about this version yet"}))),
    }
}

async fn versions(State(says): State<Arc<Says>>, headers: HeaderMap) -> Answer {
    let version = |number: &str, aliases: Value| json!({"version": number, "aliases": aliases, "created": "2026-11-20T09:30:00.123Z"});
    let list = json!([version("<b>4</b>", json!([])), version("3", json!(["gold"]))]);
    told(&says, &headers, json!({"model": "m", "alias": "gold", "served": "3", "versions": list}))
}

async fn model(State(says): State<Arc<Says>>) -> Answer {
    let model =
        json!({"name": "m", "version": "3", "explains": false, "features": [], "classes": [], "risk_levels": []});
    match *says.refuses.lock().expect("a lock") {
        Some((status, error)) => (status, Json(json!({"error": error}))),
        None => (StatusCode::OK, Json(model)),
    }
}

/// The API, and a page of it; the API ends with the test, or with the handle.
async fn page(token: Option<&str>) -> (Arc<Says>, Shared, tokio::task::JoinHandle<()>) {
    let says = Arc::new(Says { token: "t", ..Says::default() });
    let api = Router::new()
        .route("/model", get(model))
        .route("/traffic", get(traffic))
        .route("/drift", get(drift))
        .route("/versions", get(versions))
        .with_state(says.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move { axum::serve(listener, api).await.expect("a server") });
    let client = registry::client(false).expect("a client");
    let api = Api::new("my-model", &url, None, token.map(Into::into), client);
    (says, Page::new(vec![api]), server)
}

async fn look(page: &Shared) {
    let api = &page.apis()[0];
    api.look().await;
    api.look_at_traffic().await;
    api.look_closer().await;
}

async fn read(page: &Shared, path: &str) -> String {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let answer = router(page).oneshot(request).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

const PARTS: &str = "/en/models/my-model/watch/parts";

fn report() -> Value {
    let bin = |from: Value, to: Value, reference: u64, window: u64| {
        let mut bin = json!({"reference": reference, "window": window});
        bin["from"] = from;
        bin["to"] = to;
        bin
    };
    let age = json!({"name": "Age", "kind": "number", "status": "drift", "reference": 100, "window": 200, "missing": 3000,
        "unseen": 0, "comparison": {"test": "kolmogorov_smirnov", "statistic": 0.5, "p_value": 1e-9,
        "corrected_p_value": 2e-9, "psi": 0.734, "jensen_shannon": 0.4},
        "bins": [bin(Value::Null, json!(20.0), 0, 0), bin(json!(20.0), json!(40.0), 75, 50), bin(json!(40.0), json!(60.0), 25, 150)]});
    let sex = json!({"name": "Sex", "kind": "category", "status": "not_enough_data", "reference": 100, "window": 10,
        "missing": 0, "unseen": 2, "comparison": null,
        "bins": [{"value": "<i>f</i>", "reference": 60, "window": 4}, {"reference": 0, "window": 6}]});
    json!({"status": "drift", "model": "m", "version": "3", "created": "2026-11-21T08:00:00Z",
        "window": {"source": "log", "other_versions": {}}, "limits": {"level": 0.01, "psi": 0.2, "rows": 200},
        "rows": 3200, "features": [age, sex]})
}

#[tokio::test]
async fn what_the_api_tells_is_shown_and_stays_when_it_is_away() {
    let (says, page, server) = page(Some("t")).await;
    // Before anything was asked.
    let text = read(&page, PARTS).await;
    assert_eq!(text.matches("the answer is not here yet").count(), 3, "{text}");

    look(&page).await;
    let text = read(&page, PARTS).await;
    for wanted in
        ["connected, model loaded, version 3", "There is no report yet", "Being measured", "&#60;b&#62;4&#60;/b&#62;"]
    {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let chosen = text.lines().find(|line| line.contains(">gold<")).expect("the chosen one");
    assert!(text.contains("The one that was chosen to answer is called “gold”."), "{text}");
    assert!(chosen.contains(">3<") && chosen.contains("answers now") && chosen.contains("2026-11-20 09:30 UTC"));
    assert_eq!(text.matches("answers now").count(), 1);

    tokio::time::sleep(Duration::from_millis(100)).await;
    look(&page).await;
    let text = read(&page, PARTS).await;
    assert!(text.contains("Nobody has asked anything since"), "{text}");

    says.requests.store(100, Ordering::Relaxed);
    *says.report.lock().expect("a lock") = Some(report());
    look(&page).await;
    let text = read(&page, PARTS).await;
    for wanted in [
        "Yes, the data has changed.",
        "<dd>1\u{a0}ms</dd>",
        "<dd>9.1\u{a0}ms</dd>",
        "0.734",
        "compared: 3,200 ",
        "value: 3,000<",
        "&#60;i&#62;f&#60;/i&#62;",
        "never seen before",
        "too few to tell",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(!text.contains("style=") && !text.contains("data-stale") && !text.contains("below 20"), "{text}");
    assert_eq!(says.closed.load(Ordering::Relaxed), 3);

    server.abort();
    let _ = server.await;
    look(&page).await;
    let text = read(&page, PARTS).await;
    assert_eq!(text.matches("data-stale").count(), 3, "{text}");
    for wanted in ["unreachable", "Last known: <time", "Yes, the data has changed.", "<dd>9.1\u{a0}ms</dd>", ">gold<"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

#[tokio::test]
async fn only_an_api_without_a_model_is_said_to_be_one() {
    let (says, page, server) = page(None).await;
    let state = async |refuses: Option<(u16, &'static str)>| {
        let refuses = refuses.map(|(status, error)| (StatusCode::from_u16(status).expect("a status"), error));
        *says.refuses.lock().expect("a lock") = refuses;
        page.apis()[0].look().await;
        let text = read(&page, PARTS).await;
        let (_, state) = text.split_once("<p class=\"state ").expect("a state");
        state.split_once('"').expect("its end").0.to_owned()
    };
    for status in [404, 401, 500, 204] {
        assert_eq!(state(Some((status, "there is nothing here"))).await, "foreign", "{status}");
        // Who comes for the form is told so, too.
        let request = Request::get("/en/models/my-model").body(Body::empty()).expect("a request");
        let answer = router(&page).oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    }
    let busy = Some((503, "no server is available to handle this request"));
    assert_eq!(state(busy).await, "foreign");
    assert_eq!(state(Some((503, "no model is loaded"))).await, "no-model");
    assert_eq!(state(None).await, "loaded");
    assert_eq!(state(busy).await, "loaded");
    server.abort();
    let _ = server.await;
    assert_eq!(state(None).await, "unreachable");
}

#[tokio::test]
async fn a_token_that_is_refused_is_said_in_words() {
    for token in [None, Some("wrong")] {
        let (says, page, _server) = page(token).await;
        *says.report.lock().expect("a lock") = Some(report());
        look(&page).await;
        let text = read(&page, PARTS).await;
        assert_eq!(text.matches("its monitoring token is refused").count(), 3, "{text}");
        assert!(text.contains("connected, model loaded") && !text.contains("gold<"), "{text}");
    }
}

#[tokio::test]
async fn the_page_is_there_in_both_languages() {
    let (_, page, _server) = page(Some("t")).await;
    look(&page).await;
    let (en, fr) = (read(&page, "/en/models/my-model/watch").await, read(&page, "/fr/models/my-model/watch").await);
    assert!(en.contains("<h1>My model: How it is doing</h1>") && en.contains("Has the data changed?"), "{en}");
    assert!(fr.contains("<h1>My model\u{a0}: Suivi</h1>") && fr.contains("Les données ont-elles changé"), "{fr}");
    assert!(en.contains("/assets/watch-") && en.contains("data-parts=\"/en/models/my-model/watch/parts\""), "{en}");
    assert!(read(&page, "/en/models/my-model").await.contains("href=\"/en/models/my-model/watch\""));
}
