//! What somebody gets who asks, when not all that an answer may hold is to be had.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::RawQuery,
    http::{Request, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use page::{Api, Page, router};
use serde_json::{Value, json};
use tower::ServiceExt;

/// How the API is.
#[derive(Clone)]
struct Fake {
    /// Rows that it takes at once.
    most: usize,
    /// How it answers to who wants an explanation, and of which version it speaks then.
    explains: (StatusCode, &'static str),
    /// Predictions that it keeps.
    kept: Arc<AtomicUsize>,
}

impl Fake {
    fn new() -> Self {
        Self { most: 1000, explains: (StatusCode::OK, "3"), kept: Arc::default() }
    }

    fn predict(&self, query: Option<&str>, rows: &Value) -> Response {
        let rows = rows.as_array().expect("an array");
        if rows.len() > self.most {
            return (StatusCode::PAYLOAD_TOO_LARGE, Json(json!({"error": "too many rows"}))).into_response();
        }
        if query != Some("log=false") {
            self.kept.fetch_add(rows.len(), Ordering::Relaxed);
        }
        let answer = |row: &Value| {
            let share = row["age"].as_f64().expect("a number") / 100.0;
            json!({"probabilities": {"no": 1.0 - share, "yes": share}, "model_version": "3"})
        };
        Json(rows.iter().map(answer).collect::<Value>()).into_response()
    }

    fn explain(&self) -> Response {
        let (status, version) = self.explains;
        let half = json!({"no": 0.5, "yes": 0.5});
        let told = json!({"probabilities": half, "model_version": version, "base_values": half,
            "contributions": {"age": {"no": 0.0, "yes": 0.0}}});
        (status, Json(told)).into_response()
    }

    async fn page(&self) -> Router {
        let class = |value: &str| json!({"value": value, "label": value, "positive": value == "yes"});
        let age = json!({"name": "age", "type": "integer", "range": [0, 100], "default": 40});
        let model = json!({"name": "m", "version": "3", "explains": true, "features": [age],
            "classes": [class("no"), class("yes")], "risk_levels": []});
        let (predicts, explains) = (self.clone(), self.clone());
        let predict =
            async move |RawQuery(query): RawQuery, Json(rows): Json<Value>| predicts.predict(query.as_deref(), &rows);
        let api = Router::new()
            .route("/model", get(async move || Json(model.clone())))
            .route("/predict", post(predict))
            .route("/explain", post(async move || explains.explain()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, api).await });
        let page = Page::new(vec![Api::new("m", &url, None, None, registry::client(false).expect("a client"))]);
        page.apis()[0].look().await;
        router(&page)
    }
}

async fn sent(router: &Router, request: Request<Body>) -> (StatusCode, String, String) {
    let answer = router.clone().oneshot(request).await.expect("an answer");
    let (status, cookie) = (answer.status(), answer.headers().get(header::SET_COOKIE).cloned());
    let cookie = cookie.map(|cookie| cookie.to_str().expect("text").split(';').next().unwrap_or_default().to_owned());
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    (status, String::from_utf8(bytes.to_vec()).expect("text"), cookie.unwrap_or_default())
}

async fn read(router: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).header(header::ACCEPT_LANGUAGE, "en").body(Body::empty()).expect("a request");
    let (status, text, _) = sent(router, request).await;
    (status, text)
}

/// Fills in the form of the page, and sends it with this beside.
async fn press(router: &Router, beside: &str) -> (StatusCode, String) {
    let (_, text, cookie) = sent(router, Request::get("/en/models/m").body(Body::empty()).expect("a request")).await;
    let token = text.split_once("name=\".token\" value=\"").and_then(|(_, rest)| rest.split('"').next());
    let form = format!(".token={}&age=80{beside}", token.expect("a token"));
    let request = Request::post("/en/models/m").header(header::COOKIE, cookie).body(form.into());
    let (status, text, _) = sent(router, request.expect("a request")).await;
    (status, text)
}

const NEVER: &str = "This version of the model cannot be explained";
const NOT_NOW: &str = "What moved this result cannot be told at the moment.";

#[tokio::test]
async fn a_curve_is_asked_for_in_as_few_rows_as_the_api_takes() {
    for most in [1, 10, 61, 1000] {
        let (status, text) = read(&Fake { most, ..Fake::new() }.page().await, "/en/models/m?age=80").await;
        assert!(status == StatusCode::OK && text.contains("80.0%"), "{most}: {text}");
        let line = text.split_once("<polyline points=\"").and_then(|(_, rest)| rest.split('"').next());
        assert_eq!(line.map(|line| line.split(' ').count()), Some(61), "{most}");
    }
}

#[tokio::test]
async fn what_is_not_told_now_is_not_said_to_be_never_told() {
    for (explains, says) in [
        ((StatusCode::OK, "3"), "Compared with the average of past cases"),
        // Pods go over to another version.
        ((StatusCode::OK, "4"), NOT_NOW),
        ((StatusCode::SERVICE_UNAVAILABLE, "3"), NOT_NOW),
        ((StatusCode::CONFLICT, "3"), NEVER),
    ] {
        let (status, text) = read(&Fake { explains, ..Fake::new() }.page().await, "/en/models/m?age=80").await;
        assert!(status == StatusCode::OK && text.contains("80.0%") && text.contains(says), "{explains:?}: {text}");
        assert!([NEVER, NOT_NOW].iter().all(|other| *other == says || !text.contains(other)), "{explains:?}: {text}");
    }
}

#[tokio::test]
async fn only_a_prediction_is_kept() {
    let fake = Fake::new();
    let router = fake.page().await;
    // Without a script, whoever wants another curve sends the form too.
    for (beside, kept) in [("&.tried=1&.curve=age", 0), ("", 1), ("&.curve=age", 2)] {
        let (status, text) = press(&router, beside).await;
        assert!(status == StatusCode::OK && text.contains("80.0%"), "{text}");
        assert_eq!(fake.kept.load(Ordering::Relaxed), kept, "{beside}");
    }
    let (_, text) = read(&router, "/en/models/m?age=80").await;
    assert!(text.contains(r#"form="inputs" name=".tried" value="1""#), "{text}");
    assert_eq!(fake.kept.load(Ordering::Relaxed), 2, "a link is looked at");
}

#[tokio::test]
async fn what_cannot_be_answered_is_a_page_in_the_language_of_its_address() {
    let router = Fake::new().page().await;
    for (path, language) in
        [("/fr/models/nobody", "fr"), ("/fr/nothing/here", "fr"), ("/en/models/m/nothing", "en"), ("/de", "en")]
    {
        let (status, text) = read(&router, path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            text.contains(&format!("<html lang=\"{language}\"")) && text.contains("data-trouble"),
            "{path}: {text}"
        );
    }
    let (status, text) = press(&router, &format!("&more={}", "x".repeat(70_000))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text.contains("HTTP 413"), "{text}");
}
