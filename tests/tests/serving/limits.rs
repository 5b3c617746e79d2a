//! Requests that are too large, too many, too slow, or none at all: refused in words, and nobody else notices.

use std::{
    fs,
    io::Write,
    net::TcpStream,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    program::{Api, get, serving},
    project::{Project, rows},
    wire::{Answer, Wire, get as asked, post},
};

fn api(arguments: &[&str], variables: &[(&str, &str)]) -> Api {
    let project = Project::new();
    project.train(&project.registry(), 0);
    Api::start(&project.model_file(), &project.registry(), arguments, variables).ready()
}

/// The answer to one request on a connection of its own.
fn answer(api: &Api, request: &str) -> Answer {
    let mut wire = Wire::connect(&api.address());
    wire.send(request);
    wire.answer().unwrap_or_else(|| panic!("no answer to {}", &request[..request.len().min(300)]))
}

/// The status of an answer that says in JSON what is wrong.
fn refusal(answer: &Answer) -> u16 {
    assert!(answer.json()["error"].is_string(), "{answer:?}");
    assert_eq!(answer.header("content-type").as_deref(), Some("application/json"), "{answer:?}");
    answer.status
}

#[test]
fn too_large_is_refused_in_words() {
    let api = api(&["--max-body-bytes", "10000", "--max-rows", "20"], &[]);
    let many = |count: usize| json!(rows().into_iter().cycle().take(count).collect::<Vec<_>>()).to_string();
    assert_eq!(answer(&api, &post("/predict", &many(20), "")).status, 200);
    let rows = answer(&api, &post("/predict", &many(21), ""));
    assert!(refusal(&rows) == 413 && rows.body.contains("more than 20 rows"), "{rows:?}");
    let tensor = json!({"inputs": [{"name": "x", "shape": [21, 4], "datatype": "FP32", "data": vec![1; 84]}]});
    let rows = answer(&api, &post("/v2/models/iris-model/infer", &tensor.to_string(), ""));
    assert!(refusal(&rows) == 413 && rows.body.contains("21 rows"), "{rows:?}");
    // Just over the limit, and far over it; with and without a length in front.
    for length in [10_001, 5_000_000] {
        let body = "[".repeat(length);
        let large = answer(&api, &post("/predict", &body, ""));
        assert!(refusal(&large) == 413 && large.body.contains("more than 10000 bytes"), "{large:?}");
        let mut wire = Wire::connect(&api.address());
        wire.send("POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        wire.send(format!("{length:x}\r\n{body}\r\n0\r\n\r\n"));
        assert_eq!(wire.answer().map(|answer| refusal(&answer)), Some(413));
    }
    assert_eq!(answer(&api, &post("/predict", &many(1), "")).status, 200);
}

#[test]
fn too_many_at_once_are_shed_and_probes_are_not() {
    let api = api(&["--max-concurrency", "2"], &[]);
    let request = post("/predict", &rows()[0].to_string(), "");
    let mut under_way: Vec<Wire> = (0..2).map(|_| Wire::connect(&api.address())).collect();
    for wire in &mut under_way {
        wire.send(&request[..request.len() - 1]);
    }
    api.until("two requests under way", |api| api.metric("http_requests_in_flight") == Some(3.0));
    for path in ["/predict", "/v2/models/iris-model/infer"] {
        let shed = answer(&api, &post(path, "[]", ""));
        assert_eq!((refusal(&shed), shed.header("retry-after").as_deref()), (503, Some("1")), "{shed:?}");
    }
    for path in ["/health", "/startup", "/ready", "/metrics", "/"] {
        assert_eq!(get(&api.url(path)).0, 200, "{path}");
    }
    assert_eq!(api.metric("http_requests_shed_total"), Some(2.0));
    for mut wire in under_way {
        wire.send(&request[request.len() - 1..]);
        assert_eq!(wire.answer().map(|answer| answer.status), Some(200));
    }
    assert_eq!(answer(&api, &request).status, 200, "their places are free again");
}

#[test]
fn the_slow_are_cut_off() {
    let api = api(&["--timeout-seconds", "2"], &[]);
    let start = Instant::now();
    let trickle = |request: String| {
        let address = api.address();
        thread::spawn(move || {
            let mut wire = Wire::connect(&address);
            // The last byte never comes.
            for byte in request.as_bytes().chunks(1).take(request.len() - 1) {
                if !wire.send(byte) {
                    break;
                }
                thread::sleep(Duration::from_millis(200));
            }
            wire
        })
    };
    let request = post("/predict", &rows()[0].to_string(), "");
    let (head, body) = request.split_at(request.len() - 70);
    let mut slow_body = Wire::connect(&api.address());
    slow_body.send(head);
    let slow_head = trickle(request.clone());
    let silent = Wire::connect(&api.address());
    for byte in body.as_bytes().chunks(1).take(9) {
        slow_body.send(byte);
        thread::sleep(Duration::from_millis(200));
    }
    let cut = slow_body.answer().unwrap();
    assert_eq!((refusal(&cut), cut.header("connection").as_deref()), (408, Some("close")), "{cut:?}");
    assert!(slow_body.is_closed() && start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    for mut wire in [slow_head.join().unwrap(), silent] {
        assert!(wire.answer().is_none_or(|answer| answer.status == 408));
        assert!(start.elapsed() < Duration::from_secs(13), "{:?}", start.elapsed());
    }
    assert_eq!(answer(&api, &request).status, 200);
}

#[test]
fn who_never_reads_is_cut_off() {
    let api = api(&["--timeout-seconds", "1"], &[]);
    let mut wire = Wire::connect(&api.address());
    let whole = 200;
    wire.send(asked("/docs/swagger-ui-bundle.js").repeat(whole));
    let open = |api: &Api| api.metric("process_open_fds").unwrap();
    let before = open(&api);
    api.until("the end of the connection", |api| open(api) < before);
    let mut read = 0;
    while wire.answer().is_some() {
        read += 1;
    }
    assert!(read < whole, "all {read} answers came");
}

#[test]
fn what_is_no_http_harms_nobody() {
    let api = api(&[], &[]);
    let garbage: [&[u8]; 6] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0\0\0\0\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    ];
    for bytes in garbage {
        let mut wire = Wire::connect(&api.address());
        wire.send(bytes);
        wire.finish();
        let answer = wire.answer();
        assert!(answer.as_ref().is_none_or(|answer| matches!(answer.status, 400 | 404 | 505)), "{bytes:?}: {answer:?}");
    }
    // Headers without end.
    let mut wire = Wire::connect(&api.address());
    let mut sent = wire.send("GET / HTTP/1.1\r\nHost: x\r\n");
    for _ in 0..10_000 {
        sent = sent && wire.send(format!("X-{}: {}\r\n", "a".repeat(100), "b".repeat(1000)));
    }
    assert!(!sent, "ten megabytes of headers were taken");

    let mut old = Wire::connect(&api.address());
    old.send("GET /health HTTP/1.0\r\n\r\n");
    assert_eq!(old.answer().map(|answer| answer.status), Some(200));
    assert!(old.is_closed());
    let mut eager = Wire::connect(&api.address());
    let wanted: Vec<Value> = rows().iter().map(|row| api.predict(row).1).collect();
    let requests: String = rows().iter().map(|row| post("/predict", &row.to_string(), "")).collect();
    eager.send(requests);
    for wanted in wanted {
        assert_eq!(eager.answer().map(|answer| answer.json()), Some(wanted), "in the order of the requests");
    }
    assert!(!api.log().contains("panicked"), "{}", api.log());
}

/// As in a container whose runtime allows 1,024 open files until the program asks for more.
#[test]
fn idle_connections_do_not_stop_probes() {
    let project = Project::new();
    project.train(&project.registry(), 0);
    let (folder, port) = (tempfile::tempdir().unwrap(), servers::free_port());
    let mut command = Command::new("sh");
    command.env_clear().args(["-c", "ulimit -S -n 1024 && exec \"$@\"", "sh"]);
    let (file, registry) = (project.model_file(), project.registry());
    let program = serving(&["serve", "--model-file", &file, "--registry", &registry]);
    command.arg(program.get_program()).args(program.get_args());
    command.env("LISTEN", format!("127.0.0.1:{port}")).env("CACHE_DIR", folder.path().join("cache"));
    let api = Api::run(&mut command, folder, port).ready();
    let idle: Vec<TcpStream> = (0..2000).map(|_| TcpStream::connect(api.address()).unwrap()).collect();
    let start = Instant::now();
    for path in ["/health", "/startup", "/ready"] {
        assert_eq!(get(&api.url(path)).0, 200, "{path}");
    }
    assert!(api.predict(&rows()[0]).0 == 200 && start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(api.logged("could not be accepted"), 0);
    assert_eq!(idle.len(), 2000);
}

#[test]
fn mistakes_are_told_in_json() {
    let api = api(&[], &[]);
    for (body, status) in [
        ("", 400),
        ("{", 400),
        ("{\"sepal_length\": 1e999}", 400),
        ("{\"sepal_length\": NaN}", 400),
        ("\u{feff}{}", 400),
        ("[{}] x", 400),
        ("null", 422),
        ("[[]]", 422),
        ("{\"sepal_length\": {\"a\": [1]}}", 422),
    ] {
        assert_eq!(refusal(&answer(&api, &post("/predict", body, ""))), status, "{body}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(refusal(&answer(&api, &post("/predict", &deep, ""))), 400);
    assert_eq!(refusal(&answer(&api, &asked("/nothing"))), 404);
    assert_eq!(refusal(&answer(&api, &asked("/../../etc/passwd"))), 404);
    let wrong = answer(&api, &asked("/predict"));
    assert_eq!((refusal(&wrong), wrong.header("allow").as_deref()), (405, Some("post")), "{wrong:?}");
    assert_eq!(refusal(&answer(&api, &post("/health", "{}", ""))), 405);
    let text = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 2\r\n\r\n{}";
    assert_eq!(refusal(&answer(&api, text)), 415);
    let (_, two) = api.predict(&json!([{"sepal_length": "x", "sepal_wdith": 1}, 5]));
    let fields = two["fields"].as_array().unwrap().iter().map(|wrong| json!([wrong["row"], wrong["field"]]));
    let wanted = ["sepal_length", "sepal_wdith", "sepal_width", "petal_length", "petal_width"];
    assert_eq!(
        fields.collect::<Vec<_>>(),
        wanted.map(|name| json!([0, name])).into_iter().chain([json!([1, ""])]).collect::<Vec<_>>()
    );
}

#[test]
fn keys_open_and_are_never_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
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
    let metrics = |header: &str| {
        let request = format!("GET /metrics HTTP/1.1\r\nHost: x\r\n{header}\r\n");
        answer(&api, &request).status
    };
    let headers = ["", "Authorization: Bearer first-s3cret\r\n", "Authorization: Bearer token-s3cret\r\n"];
    assert_eq!(headers.map(metrics), [401, 401, 200]);
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

#[test]
fn requests_are_known_by_their_ids() {
    let api = api(&["--log-level", "debug"], &[]);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("traceparent: 00-{trace}-00f067aa0ba902b7-01\r\n");
    for (headers, id) in [(parent, trace), ("X-Request-Id: order-66\r\n".to_owned(), "order-66")] {
        let answer = answer(&api, &post("/predict", &rows()[0].to_string(), &headers));
        assert_eq!((answer.status, answer.header("x-request-id").as_deref()), (200, Some(id)));
        let log = api.log();
        let line = log.lines().find(|line| line.contains(id)).unwrap_or_else(|| panic!("{log}"));
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            (&line["request_id"], &line["path"], &line["status"]),
            (&json!(id), &json!("/predict"), &json!(200))
        );
    }
    let hostile = answer(&api, &post("/predict", "{}", "X-Request-Id: a\"b\r\n"));
    assert!(hostile.header("x-request-id").is_some_and(|id| id.len() == 32), "{hostile:?}");
}
