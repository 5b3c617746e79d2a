//! An API that is played, the page of it, and who sends files there.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    routing::{get, post},
};
use bytes::Bytes;
use futures::future::join_all;
use page::{Api, Page, router};
use serde_json::{Value, json};
use tower::ServiceExt;

pub const ROWS: &str = "/fr/models/m/batch/rows";

/// What comes before the token of a form, and before its file.
pub const FIELD: &str = "--x\r\nContent-Disposition: form-data; name=\".token\"\r\n\r\n";
pub const FILE: &str =
    "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.csv\"\r\nContent-Type: text/csv\r\n\r\n";

/// The page takes two forms at a time, whichever test they are of.
pub static FORMS: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What the API was asked, and how it answers.
pub struct Stub {
    pub asked: Mutex<Vec<Value>>,
    pub most: AtomicUsize,
    pub busy: AtomicU32,
    pub refused: AtomicU32,
    /// Milliseconds that an answer takes, and how many requests there are and were at the same time.
    pub pause: AtomicU32,
    now: AtomicU32,
    pub together: AtomicU32,
}

fn description() -> Value {
    let feature = |name: &str, kind: &str| json!({"name": name, "type": kind, "unit": null, "range": null, "step": null, "default": null});
    let (mut age, mut height) = (feature("Âge", "integer"), feature("Taille", "number"));
    (age["default"], height["default"]) = (json!(7), json!(2.5));
    let mut category = feature("Région", "category");
    category["values"] = json!(["nord", "sud \"est\""]);
    let class = |value: &str, label: &str| json!({"value": value, "label": label, "positive": false});
    json!({
        "name": "m", "version": "3", "explains": false,
        "features": [age, height, category],
        "classes": [class("a", "=Ah"), class("b", "Bé"), class("c", "Cé")], "risk_levels": [],
    })
}

impl Default for Stub {
    fn default() -> Self {
        let (asked, most, none) = (Mutex::default(), AtomicUsize::new(usize::MAX), || AtomicU32::new(0));
        Self { asked, most, busy: none(), refused: none(), pause: none(), now: none(), together: none() }
    }
}

impl Stub {
    /// The rows that it was asked for and took, request by request.
    pub fn asked(&self) -> Vec<Vec<Value>> {
        self.asked.lock().expect("lock").iter().map(|rows| rows.as_array().expect("rows").clone()).collect()
    }

    async fn predict(&self, body: &[u8]) -> (StatusCode, String) {
        self.together.fetch_max(self.now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(self.pause.load(Ordering::Relaxed).into())).await;
        self.now.fetch_sub(1, Ordering::Relaxed);
        self.answer(body)
    }

    fn answer(&self, body: &[u8]) -> (StatusCode, String) {
        let rows: Value = serde_json::from_slice(body).expect("JSON");
        let again =
            |left: &AtomicU32| left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok();
        if again(&self.busy) {
            return (StatusCode::SERVICE_UNAVAILABLE, "{}".into());
        }
        if rows.as_array().expect("an array").len() > self.most.load(Ordering::Relaxed) {
            return (StatusCode::PAYLOAD_TOO_LARGE, json!({"error": "the body has more rows"}).to_string());
        }
        self.asked.lock().expect("lock").push(rows.clone());
        if again(&self.refused) {
            let fields = json!({"error": "", "fields": [{"row": 1, "field": "Âge", "problem": "too old"}]});
            return (StatusCode::UNPROCESSABLE_ENTITY, fields.to_string());
        }
        let answer = |row: &Value| {
            let share = row["Taille"].as_f64().expect("a number") / 10.0;
            json!({"probabilities": {"a": share, "b": 0.9 - share, "c": 0.1}, "model_version": "3", "label": "unused"})
        };
        (StatusCode::OK, rows.as_array().expect("an array").iter().map(answer).collect::<Value>().to_string())
    }
}

/// A page, the API it asks, and a session: cookie and token.
pub async fn start() -> (Router, Arc<Stub>, [String; 2]) {
    let stub = Arc::new(Stub::default());
    let api = |description: String| {
        let asked = stub.clone();
        Router::new()
            .route("/model", get(|| async { description }))
            .route("/predict", post(move |body: Bytes| async move { asked.predict(&body).await }))
    };
    // The same with names that all encodings write alike.
    let plain = description().to_string().replace('Â', "A").replace('é', "e");
    let api = api(description().to_string()).nest("/plain", api(plain));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, api).await });
    let model = |name, url: &str| Api::new(name, url, None, None, registry::client(false).expect("a client"));
    let page = Page::new(vec![model("m", &url), model("plain", &format!("{url}/plain"))]);
    join_all(page.apis().iter().map(|api| api.look())).await;
    let router = router(&page);
    let form = Request::get("/fr/models/m/batch").body(Body::empty()).expect("a request");
    let response = router.clone().oneshot(form).await.expect("an answer");
    assert_eq!(response.status(), 200);
    let cookie =
        response.headers()[header::SET_COOKIE].to_str().expect("text").split(';').next().expect("a pair").to_owned();
    let html = text(response.into_body()).await;
    for tag in ["title", "h1"] {
        assert!(html.contains(&format!("<{tag}>M\u{a0}: En nombre</{tag}>")), "no {tag} of its own");
    }
    let (_, token) = html.split_once("name=\".token\" value=\"").expect("a token");
    let token = token.split('"').next().expect("an end").to_owned();
    (router, stub, [cookie, token])
}

pub async fn text(body: Body) -> String {
    String::from_utf8(to_bytes(body, usize::MAX).await.expect("a body").to_vec()).expect("text")
}

pub async fn send(
    router: &Router,
    path: &str,
    kind: &str,
    [cookie, token]: &[String; 2],
    body: impl Into<Body>,
) -> (StatusCode, String) {
    let request = Request::post(path).header(header::COOKIE, cookie).header("x-form-token", token);
    let request = request.header(header::CONTENT_TYPE, kind).body(body.into()).expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    (response.status(), text(response.into_body()).await)
}

/// The lines that rows of a table are on.
pub fn lines(rows: &str) -> Vec<&str> {
    rows.split("<th scope=\"row\">").skip(1).filter_map(|row| row.split('<').next()).collect()
}

pub async fn rows(router: &Router, session: &[String; 2], body: impl Into<Body>) -> Value {
    let (status, text) = send(router, ROWS, "text/csv", session, body).await;
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).expect("JSON")
}
