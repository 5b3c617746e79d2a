//! The page of a model whose file has words in the page's languages.

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    http::Request,
    routing::{get, post},
};
use page::{Api, Page, router};
use serde_json::{Value, json};
use tower::ServiceExt;

fn description() -> Value {
    json!({
        "name": "m", "version": "3", "explains": true,
        "features": [
            {"name": "BloodPressure", "type": "integer", "unit": "mm Hg", "range": [0, 122], "default": 70},
            {"name": "sex", "type": "category", "values": ["f", "m"]},
        ],
        "classes": [{"value": "0", "label": "Pas de diabète", "positive": false}, {"value": "1", "label": "Diabète", "positive": true}],
        "risk_levels": [{"label": "Faible", "below": 0.5}, {"label": "Élevé"}],
        "translations": {
            "en": {
                "title": "Diabetes & you", "features": {"BloodPressure": "Blood pressure", "sex": "<script>alert(1)</script>"},
                "values": {"sex": {"f": "Woman", "m": "Man"}},
                "classes": {"0": "No diabetes", "1": "Diabetes"}, "risk_levels": {"Faible": "Low", "Élevé": "High"},
            },
            "fr": {"features": {"BloodPressure": "Pression artérielle"}, "units": {"BloodPressure": "mmHg"}},
        },
    })
}

async fn predict(Json(rows): Json<Value>) -> Json<Value> {
    let answer = |row: &Value| {
        assert!(row["BloodPressure"].is_i64() && (row["sex"] == "f" || row["sex"] == "m"), "{row}");
        json!({"label": "Diabète", "risk_level": "Élevé", "probabilities": {"0": 0.25, "1": 0.75}, "model_version": "3"})
    };
    rows.as_array().expect("an array").iter().map(answer).collect::<Value>().into()
}

async fn explain() -> Json<Value> {
    Json(json!({
        "probabilities": {"0": 0.25, "1": 0.75}, "model_version": "3", "base_values": {"0": 0.5, "1": 0.5},
        "contributions": {"BloodPressure": {"0": -0.05, "1": 0.05}, "sex": {"0": -0.2, "1": 0.2}},
    }))
}

async fn drift() -> Json<Value> {
    let bin = json!({"value": "f", "reference": 60, "window": 4});
    let sex = json!({"name": "sex", "kind": "category", "status": "not_enough_data", "reference": 60, "window": 4, "missing": 0,
        "unseen": 0, "comparison": null, "bins": [bin]});
    let window = json!({"source": "log", "other_versions": {}});
    Json(
        json!({"status": "not_enough_data", "model": "m", "version": "3", "created": "2026-11-21T08:00:00Z", "rows": 4,
        "window": window, "limits": {"level": 0.01, "psi": 0.2, "rows": 200}, "features": [sex]}),
    )
}

async fn start() -> Router {
    let api = Router::new()
        .route("/model", get(|| async { Json(description()) }))
        .route("/predict", post(predict))
        .route("/explain", post(explain))
        .route("/drift", get(drift));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, api).await });
    let page = Page::new(vec![Api::new("m", &url, None, None, registry::client(false).expect("a client"))]);
    page.apis()[0].look().await;
    page.apis()[0].look_closer().await;
    router(&page)
}

async fn sent(router: &Router, request: Request<Body>) -> (String, String) {
    let answer = router.clone().oneshot(request).await.expect("an answer");
    let cookie = answer.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()?.split(';').next());
    let cookie = cookie.unwrap_or_default().to_owned();
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    (String::from_utf8(bytes.to_vec()).expect("text"), cookie)
}

async fn read(router: &Router, path: &str) -> String {
    sent(router, Request::get(path).body(Body::empty()).expect("a request")).await.0
}

#[track_caller]
fn has(text: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(text.contains(wanted), "{wanted} in\n{text}");
    }
}

const ASKED: &str = "BloodPressure=80&sex=f&.curve=sex";

#[tokio::test]
async fn the_english_page_has_english_words_and_asks_with_names() {
    let router = start().await;
    let text = read(&router, &format!("/en/models/m?{ASKED}")).await;
    has(&text, &["<h1>Diabetes &#38; you</h1>", "<b>Diabetes &#38; you</b>", "<title>Diabetes &#38; you</title>"]);
    has(&text, &[">Blood pressure (mm Hg)</label>", r#"name="BloodPressure""#, r#"aria-label="Blood pressure, "#]);
    has(&text, &[r#"<option value="f" selected>Woman</option>"#, r#"<option value="m">Man</option>"#]);
    // Verdict, gauge, what moved it, what if, history.
    has(
        &text,
        &[
            "<h2>Diabetes</h2>",
            "“Diabetes”",
            r#"<li class="high">High <span>"#,
            r#"<p class="level high">Risk: <strong>High"#,
        ],
    );
    has(
        &text,
        &[r#"<th scope="row">Blood pressure <span class="faint">80</span>"#, r#"<span class="faint">Woman</span>"#],
    );
    has(
        &text,
        &[r#"<th scope="row">Woman <span class="faint">"#, r#"<option value="BloodPressure">Blood pressure</option>"#],
    );
    has(&text, &[r#"<th scope="col">Blood pressure</th>"#, "Pas de diabète&#34;:&#34;No diabetes"]);
    // The history keeps the words of answers.
    has(&text, &["&#34;label&#34;:&#34;Diabète&#34;", "&#34;risk&#34;:&#34;Élevé&#34;", "&#34;sex&#34;:&#34;f&#34;"]);
    has(&text, &["&#60;script&#62;alert(1)"]);
    assert!(!text.contains("<script>"), "{text}");
    // What moved it most is found by its name.
    let strongest = read(&router, "/en/models/m?BloodPressure=80&sex=f").await;
    has(&strongest, &[r#"<th scope="row">Woman <span class="faint">"#]);
    let wrong = read(&router, "/en/models/m?BloodPressure=high&sex=f").await;
    has(&wrong, &[r##"<li data-problem="BloodPressure"><a href="#field-1">Blood pressure</a>"##]);
    has(
        &read(&router, "/en/models/m/watch/parts").await,
        &["<summary>&#60;script&#62;alert(1)", r#"<th scope="row">Woman</th>"#],
    );
}

#[tokio::test]
async fn the_french_page_has_french_words_and_the_models_own_for_the_rest() {
    let router = start().await;
    let text = read(&router, &format!("/fr/models/m?{ASKED}")).await;
    has(&text, &["<h1>M</h1>", ">Pression artérielle (mmHg)</label>", r#"<option value="f" selected>f</option>"#]);
    has(
        &text,
        &[
            "<h2>Diabète</h2>",
            "«\u{a0}Diabète\u{a0}»",
            "<strong>Élevé</strong>",
            r#"<th scope="row">sex <span class="faint">f</span>"#,
        ],
    );
    assert!(!text.contains("Blood pressure") && !text.contains("Woman"), "{text}");
}

#[tokio::test]
async fn a_file_is_data_and_its_preview_is_for_people() {
    let router = start().await;
    let form = Request::get("/en/models/m/batch").body(Body::empty()).expect("a request");
    let (text, cookie) = sent(&router, form).await;
    has(&text, &["<code>BloodPressure</code></dt><dd>Blood pressure (mm Hg)<br>", "f (Woman), m (Man)"]);
    has(&text, &[r#"<th scope="col">Blood pressure</th>"#, "“Diabetes”"]);
    let token =
        text.split_once("name=\".token\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("a token");
    let rows = Request::post("/en/models/m/batch/rows").header("cookie", cookie).header("x-form-token", token);
    let (answer, _) = sent(&router, rows.body("BloodPressure,sex\n80,m\n".into()).expect("a request")).await;
    let part: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(part["csv"], "80,m,Diabète,0.750000,0.250000,0.750000,Élevé,3,\r\n");
    has(part["shown"].as_str().expect("HTML"), &["<td>Diabetes</td><td>75.0%</td><td>High</td><td>80</td>"]);
}
