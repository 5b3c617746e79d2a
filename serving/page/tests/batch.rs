//! A file goes through the page to an API that this test plays.

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
use futures::{FutureExt, StreamExt, future::join_all, stream};
use page::{Api, Page, router};
use serde_json::{Value, json};
use tower::ServiceExt;

const ROWS: &str = "/fr/models/m/batch/rows";

/// What comes before the token of a form, and before its file.
const FIELD: &str = "--x\r\nContent-Disposition: form-data; name=\".token\"\r\n\r\n";
const FILE: &str =
    "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.csv\"\r\nContent-Type: text/csv\r\n\r\n";

/// The page takes two forms at a time, whichever test they are of.
static FORMS: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What the API was asked, and how it answers.
struct Stub {
    asked: Mutex<Vec<Value>>,
    most: AtomicUsize,
    busy: AtomicU32,
    refused: AtomicU32,
    /// Milliseconds that an answer takes, and how many requests there are and were at the same time.
    pause: AtomicU32,
    now: AtomicU32,
    together: AtomicU32,
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
    fn asked(&self) -> Vec<Vec<Value>> {
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
async fn start() -> (Router, Arc<Stub>, [String; 2]) {
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

async fn text(body: Body) -> String {
    String::from_utf8(to_bytes(body, usize::MAX).await.expect("a body").to_vec()).expect("text")
}

async fn send(
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
fn lines(rows: &str) -> Vec<&str> {
    rows.split("<th scope=\"row\">").skip(1).filter_map(|row| row.split('<').next()).collect()
}

async fn rows(router: &Router, session: &[String; 2], body: impl Into<Body>) -> Value {
    let (status, text) = send(router, ROWS, "text/csv", session, body).await;
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).expect("JSON")
}

#[tokio::test]
async fn a_french_spreadsheets_file_comes_back_with_results_and_reasons() {
    let (router, stub, session) = start().await;
    let file = "\u{feff}Nom;Taille;Région;Âge\r\n\"=cmd;\"\"x\"\"\nb\";8,5;\"sud \"\"est\"\"\";40\r\n\
                <script>;;ouest;1,5\r\ncourt;1\r\nlong;1;nord;2;de;trop\r\n\r\nfin;2.5;nord;41";
    let part = rows(&router, &session, file).await;
    assert_eq!(
        part["header"],
        "Nom;Taille;Région;Âge;label;probability;probability_a;probability_b;probability_c;model_version;problem\r\n"
    );
    let csv = part["csv"].as_str().expect("text");
    let expected = "\"=cmd;\"\"x\"\"\nb\";8,5;\"sud \"\"est\"\"\";40;'=Ah;0,850000;0,850000;0,050000;0,100000;3;\r\n\
                    <script>;;ouest;1,5;;;;;;;\"Âge\u{a0}: Écrivez un nombre entier. (1,5) Taille\u{a0}: Rien n’y est écrit.";
    assert_eq!(csv.lines().count(), 6, "{csv}");
    assert!(csv.starts_with(expected), "{csv}");
    assert!(csv.contains("\r\ncourt;1;;;;;;;;;Cette ligne"), "{csv}");
    assert!(csv.contains("\r\nlong;1;nord;2;;;;;;;Cette ligne") && csv.contains("6 / 4 · de · trop\r\n"), "{csv}");
    assert!(csv.ends_with("\r\nfin;2.5;nord;41;Bé;0,650000;0,250000;0,650000;0,100000;3;\r\n"), "{csv}");
    // Rows, wrong ones, and those of each class.
    assert_eq!(part["counts"], json!([5, 3, 1, 1, 0]));
    let bins: Vec<u64> =
        part["bins"].as_array().expect("bins").iter().map(|count| count.as_u64().expect("a count")).collect();
    assert_eq!((bins.len(), bins[13], bins[17], bins.iter().sum()), (20, 1, 1, 2_u64));
    let sent =
        json!([{"Âge": 40, "Taille": 8.5, "Région": "sud \"est\""}, {"Âge": 41, "Taille": 2.5, "Région": "nord"}]);
    assert_eq!(*stub.asked.lock().expect("lock"), [sent]);
    let shown = part["shown"].as_str().expect("HTML");
    assert!(shown.contains("sud &#34;est&#34;") && !shown.contains("<script>"), "{shown}");
    assert_eq!(part["wrong"].as_str().expect("HTML").matches("<tr").count(), 3);
    // As a spreadsheet counts: a line break within quotes begins no line, a blank line is one.
    assert_eq!(lines(shown), ["2", "3", "4", "5", "7"]);
}

#[tokio::test]
async fn commas_tabs_and_old_encodings_are_read() {
    let (router, stub, session) = start().await;
    // Windows-1252; a column from an earlier run; and 1,5 is ambiguous where commas separate.
    let file = b"Taille,R\xE9gion,label,\xC2ge\n1e0,nord,\x80,7\n\"1,5\",nord,x,7\n".to_vec();
    let part = rows(&router, &session, file).await;
    assert!(part["header"].as_str().expect("text").starts_with("Taille,Région,label,Âge,label_,probability,"));
    let csv = part["csv"].as_str().expect("text");
    assert!(csv.starts_with("1e0,nord,€,7,Bé,0.800000,"), "{csv}");
    assert_eq!(part["counts"], json!([2, 1, 0, 1, 0]));
    rows(&router, &session, "Âge\tTaille\tRégion\n1\t2,5\tnord\n").await;
    // Each system ends its lines in its own way.
    for (end, found) in [("\n", ["3", "6"]), ("\r\n", ["3", "6"]), ("\r", ["2", "3"])] {
        let file = "Âge,Taille,Région||1,1,nord|||2,2,nord|".replace('|', end);
        let part = rows(&router, &session, file).await;
        assert_eq!(lines(part["shown"].as_str().expect("HTML")), found, "{end:?}");
    }
    assert_eq!(stub.asked.lock().expect("lock")[1], json!([{"Âge": 1, "Taille": 2.5, "Région": "nord"}]));
}

/// Programs look for it: where it was, where numbers have commas, and where there was another encoding than there is now.
#[tokio::test]
async fn a_byte_order_mark_is_there_where_it_is_needed() {
    let _alone = FORMS.lock().await;
    let (router, _, session) = start().await;
    let plain = "Age,Taille,Region,note\n1,2,nord,\n";
    let other = [plain.as_bytes(), b"1,2,nord,\x80\n"].concat();
    // The first letter that says so may come late.
    let late = [plain.as_bytes(), "1,2,nord,\n".repeat(600).as_bytes(), b"1,2,nord,\x80\n"].concat();
    let marked = format!("\u{feff}{plain}").into_bytes();
    let semicolons = plain.replace(',', ";").into_bytes();
    for (file, mark) in
        [(plain.into(), ""), (other, "\u{feff}"), (late, "\u{feff}"), (marked, "\u{feff}"), (semicolons, "\u{feff}")]
    {
        if file.len() < 100 {
            let (_, text) = send(&router, "/fr/models/plain/batch/rows", "text/csv", &session, file.clone()).await;
            let part: Value = serde_json::from_str(&text).expect("JSON");
            assert!(part["mark"] == mark && part["header"].as_str().expect("text").starts_with("Age"), "{part}");
        }
        let body = [format!("{FIELD}{}\r\n{FILE}", session[1]).as_bytes(), &file, b"\r\n--x--\r\n"].concat();
        let kind = "multipart/form-data; boundary=x";
        let (status, text) = send(&router, "/fr/models/plain/batch", kind, &session, body).await;
        assert!(status == 200 && text.starts_with(&format!("{mark}Age")), "{status} {}", &text[..100]);
    }
}

#[tokio::test]
async fn what_is_no_such_file_is_said_in_one_card() {
    let (router, stub, session) = start().await;
    let card = async |body: &str, kind: &str, words: &[&str]| {
        let (status, text) = send(&router, ROWS, "text/csv", &session, body.to_owned()).await;
        assert!(status == 200 && text.contains(&format!("data-trouble=\"{kind}\"")), "{status} {text}");
        for word in words {
            assert!(text.contains(word), "{word} is not in {text}");
        }
    };
    card("", "empty", &[]).await;
    card("\n\n", "empty", &[]).await;
    card("Âge,Taille,Région", "empty", &[]).await;
    card("Âge;taille;autre\n1;2;3", "missing", &["Taille, Région.", "Âge, taille, autre."]).await;
    card("Âge,Taille,Région,Âge\n1,2,nord,3", "twice", &["Âge"]).await;
    card("PK\u{3}\u{4}\0\0", "binary", &["CSV"]).await;
    card("%PDF-1.7\n1 0 obj", "missing", &["%PDF-1.7."]).await;
    card(&"x".repeat((1 << 20) + 1), "large", &[]).await;
    let (status, _) = send(&router, ROWS, "text/csv", &[session[0].clone(), "0".repeat(64)], "Âge").await;
    assert_eq!(status, 403);
    assert!(stub.asked.lock().expect("lock").is_empty());
}

#[tokio::test]
async fn what_the_api_refuses_stays_with_its_row_and_a_busy_api_is_a_card() {
    let (router, stub, session) = start().await;
    let file = "Âge,Taille,Région\n1,1,nord\nx,1,nord\n2,2,nord\n3,3,nord\n";
    stub.refused.store(1, Ordering::Relaxed);
    let part = rows(&router, &session, file).await;
    let csv = part["csv"].as_str().expect("text");
    assert_eq!(part["counts"], json!([4, 2, 0, 2, 0]));
    assert!(
        csv.contains("2,2,nord,,,,,,,Âge\u{a0}: Le modèle n’accepte pas cette valeur.\r\n3,3,nord,Bé,0.6"),
        "{csv}"
    );
    stub.busy.store(1, Ordering::Relaxed);
    let (status, text) = send(&router, ROWS, "text/csv", &session, file).await;
    assert!(status == 200 && text.contains("data-trouble=\"busy\" data-retry=\"1\""), "{text}");
}

#[tokio::test]
async fn an_api_is_asked_for_as_many_rows_as_it_takes() {
    let (router, stub, session) = start().await;
    stub.most.store(30, Ordering::Relaxed);
    stub.refused.store(1, Ordering::Relaxed);
    let row = |age: usize| format!("{age},{},nord\n", age % 10);
    let file = format!("Âge,Taille,Région\n{}", (0..100).map(row).collect::<String>());
    let part = rows(&router, &session, file).await;
    // 100 and 50 are too many; of the first 25, one is refused, and the others are asked for again.
    let asked: Vec<usize> = stub.asked().iter().map(Vec::len).collect();
    assert_eq!(asked, [25, 25, 25, 25, 24]);
    let csv: Vec<&str> = part["csv"].as_str().expect("text").lines().collect();
    assert_eq!((csv.len(), &part["counts"][1]), (100, &json!(1)));
    for (age, line) in csv.iter().enumerate().filter(|(age, _)| *age != 1) {
        let share = (9 - age % 10).max(age % 10);
        assert!(
            line.starts_with(&format!("{age},{},nord,", age % 10)) && line.contains(&format!(",0.{share}00000,")),
            "{line}"
        );
    }
    assert!(csv[1].ends_with("Âge\u{a0}: Le modèle n’accepte pas cette valeur."), "{}", csv[1]);
    // One row that is too much is for nobody to split.
    stub.most.store(0, Ordering::Relaxed);
    let (_, text) = send(&router, ROWS, "text/csv", &session, "Âge,Taille,Région\n1,2,nord\n").await;
    assert!(text.contains("data-trouble=\"unexpected\"") && text.contains("HTTP 413"), "{text}");
}

#[tokio::test]
async fn few_pieces_are_read_and_under_way_at_a_time() {
    let (router, stub, session) = start().await;
    stub.pause.store(50, Ordering::Relaxed);
    let begun = Arc::new(AtomicUsize::new(0));
    let piece = async || {
        let body = counted("Âge,Taille,Région\n1,1,nord\n\"".into(), 1, &begun);
        rows(&router, &session, body).await;
        let begun = begun.load(Ordering::Relaxed);
        let done = stub.asked().len();
        assert!(begun <= done + 4, "{begun} were read when {done} were done");
    };
    join_all((0..12).map(|_| piece())).await;
    assert_eq!(stub.asked().len(), 12);
    let together = stub.together.load(Ordering::Relaxed);
    assert!((2..=4).contains(&together), "{together} at a time");
}

#[tokio::test]
async fn nothing_is_read_of_a_piece_that_comes_from_elsewhere() {
    let (router, _, [cookie, _]) = start().await;
    let asked = Arc::default();
    let elsewhere = [cookie, "0".repeat(64)];
    let (status, _) = send(&router, ROWS, "text/csv", &elsewhere, counted(String::new(), 9, &asked)).await;
    assert_eq!((status.as_u16(), asked.load(Ordering::Relaxed)), (403, 0));
}

#[tokio::test]
async fn who_sends_no_more_keeps_no_place() {
    let _alone = FORMS.lock().await;
    let (router, _, session) = start().await;
    // Waiting takes no time from here on.
    tokio::time::pause();
    let begins = |text: &str| {
        let begins = stream::iter([Ok::<_, std::io::Error>(Bytes::from(text.to_owned()))]);
        Body::from_stream(begins.chain(stream::pending()))
    };
    let kind = "multipart/form-data; boundary=x";
    let form = format!("{}{}\r\n{FILE}Âge,", FIELD, session[1]);
    for _ in 0..6 {
        let (status, text) = send(&router, ROWS, "text/csv", &session, begins("Âge,")).await;
        assert!(status == 200 && text.contains("data-trouble=\"page\" data-retry=\"3\""), "{text}");
        for form in [&form, FIELD] {
            let (status, text) = send(&router, "/fr/models/m/batch", kind, &session, begins(form)).await;
            assert!(status == 408 && text.contains("data-trouble=\"page\""), "{status} {text}");
        }
    }
}

#[tokio::test]
async fn an_example_has_the_columns_and_what_the_form_begins_with() {
    let (router, _, session) = start().await;
    let get = async |language: &str| {
        let request =
            Request::get(format!("/{language}/models/m/batch/example")).body(Body::empty()).expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.headers()[header::CONTENT_DISPOSITION], "attachment; filename=\"m-example.csv\"");
        text(response.into_body()).await
    };
    let french = get("fr").await;
    assert_eq!(french, "\u{feff}Âge;Taille;Région\r\n7;2,5;nord\r\n");
    assert_eq!(get("en").await, "Âge,Taille,Région\r\n7,2.5,nord\r\n");
    assert_eq!(rows(&router, &session, french).await["counts"], json!([1, 0, 0, 1, 0]));
}

#[tokio::test]
async fn a_form_is_answered_with_a_file() {
    let _alone = FORMS.lock().await;
    let (router, stub, session) = start().await;
    let form = |token: &str, file: &str| format!("{FIELD}{token}\r\n{FILE}{file}\r\n--x--\r\n");
    let kind = "multipart/form-data; boundary=x";
    let path = "/fr/models/m/batch";
    let file = format!("Âge,Taille,Région\n{}", "1,1,nord\n".repeat(1200));
    stub.busy.store(1, Ordering::Relaxed);
    let (status, text) = send(&router, path, kind, &session, form(&session[1], &file)).await;
    assert_eq!(status, 200, "{text}");
    assert_eq!((text.lines().count(), text.matches("label").count()), (1201, 1));
    let asked: Vec<usize> = stub.asked().iter().map(Vec::len).collect();
    assert_eq!(asked, [500, 500, 200]);
    let (status, text) = send(&router, path, kind, &session, form(&session[1], "a,b\n1,2\n")).await;
    assert!(status == 422 && text.contains("data-trouble=\"missing\"") && text.contains("<form"), "{text}");
    let (status, _) = send(&router, path, kind, &session, form("no", &file)).await;
    assert_eq!(status, 403);
    let (status, text) = send(&router, path, kind, &session, form(&session[1], &"1,1,nord\n".repeat(2 << 20))).await;
    assert!(status == 413 && text.contains("data-trouble=\"large\""), "{status} {text}");
    let long = format!("Âge,Taille,Région\n\"{}", "x\n".repeat(1 << 20));
    let (status, text) = send(&router, path, kind, &session, form(&session[1], &long)).await;
    assert!(status == 413 && text.contains("data-trouble=\"large\""), "{text}");
}

/// A body that begins so and then goes on in chunks, each of which is counted as it is asked for.
fn counted(begins: String, chunks: usize, asked: &Arc<AtomicUsize>) -> Body {
    let asked = asked.clone();
    let rest = stream::iter(0..chunks).then(move |_| {
        asked.fetch_add(1, Ordering::Relaxed);
        // As a connection does: others may run in between.
        tokio::task::yield_now().map(|()| Ok(Bytes::from_static(&[b'x'; 1 << 10])))
    });
    Body::from_stream(stream::iter([Ok::<_, std::io::Error>(Bytes::from(begins))]).chain(rest))
}

#[tokio::test]
async fn an_endless_token_is_not_read() {
    let _alone = FORMS.lock().await;
    let (router, _, session) = start().await;
    let asked = Arc::default();
    let body = counted(FIELD.into(), 1 << 14, &asked);
    let (status, text) = send(&router, "/fr/models/m/batch", "multipart/form-data; boundary=x", &session, body).await;
    assert_eq!(status, 403, "{text}");
    let asked = asked.load(Ordering::Relaxed);
    assert!(asked < 4, "{asked} kilobytes were read");
}
