//! Requests that make no sense: answered in words, or not at all, and nobody is harmed.

use serde_json::{Value, json};

use crate::{
    project::{api, rows},
    wire::{Wire, answer, get as asked, post},
};

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
        assert_eq!(answer(&api, &post("/predict", body, "")).refusal(), status, "{body}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(answer(&api, &post("/predict", &deep, "")).refusal(), 400);
    assert_eq!(answer(&api, &asked("/nothing")).refusal(), 404);
    assert_eq!(answer(&api, &asked("/../../etc/passwd")).refusal(), 404);
    let wrong = answer(&api, &asked("/predict"));
    assert_eq!((wrong.refusal(), wrong.header("allow").as_deref()), (405, Some("post")), "{wrong:?}");
    assert_eq!(answer(&api, &post("/health", "{}", "")).refusal(), 405);
    let text = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 2\r\n\r\n{}";
    assert_eq!(answer(&api, text).refusal(), 415);
    let (_, two) = api.predict(&json!([{"sepal_length": "x", "sepal_wdith": 1}, 5]));
    let fields = two["fields"].as_array().unwrap().iter().map(|wrong| json!([wrong["row"], wrong["field"]]));
    let wanted = ["sepal_length", "sepal_wdith", "sepal_width", "petal_length", "petal_width"];
    assert_eq!(
        fields.collect::<Vec<_>>(),
        wanted.map(|name| json!([0, name])).into_iter().chain([json!([1, ""])]).collect::<Vec<_>>()
    );
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
