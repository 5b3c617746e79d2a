//! Requests that are too large, too many or too slow: refused in words, and nobody else notices.

use std::{
    net::TcpStream,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    program::{Api, get, serving},
    project::{Project, api, rows},
    wire::{Wire, answer, get as asked, post},
};

#[test]
fn too_large_is_refused_in_words() {
    let api = api(&["--max-body-bytes", "10000", "--max-rows", "20"], &[]);
    let many = |count: usize| json!(rows().into_iter().cycle().take(count).collect::<Vec<_>>()).to_string();
    assert_eq!(answer(&api, &post("/predict", &many(20), "")).status, 200);
    let rows = answer(&api, &post("/predict", &many(21), ""));
    assert!(rows.refusal() == 413 && rows.body.contains("more than 20 rows"), "{rows:?}");
    let tensor = json!({"inputs": [{"name": "x", "shape": [21, 4], "datatype": "FP32", "data": vec![1; 84]}]});
    let rows = answer(&api, &post("/v2/models/iris-model/infer", &tensor.to_string(), ""));
    assert!(rows.refusal() == 413 && rows.body.contains("21 rows"), "{rows:?}");
    // Just over the limit, and far over it; with and without a length in front.
    for length in [10_001, 5_000_000] {
        let body = "[".repeat(length);
        let large = answer(&api, &post("/predict", &body, ""));
        assert!(large.refusal() == 413 && large.body.contains("more than 10000 bytes"), "{large:?}");
        let mut wire = Wire::connect(&api.address());
        wire.send("POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        wire.send(format!("{length:x}\r\n{body}\r\n0\r\n\r\n"));
        assert_eq!(wire.answer().map(|answer| answer.refusal()), Some(413));
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
        assert_eq!((shed.refusal(), shed.header("retry-after").as_deref()), (503, Some("1")), "{shed:?}");
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
    let api = api(&["--timeout-seconds", "2", "--keep-alive-seconds", "3"], &[]);
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
    assert_eq!((cut.refusal(), cut.header("connection").as_deref()), (408, Some("close")), "{cut:?}");
    assert!(slow_body.is_closed() && start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    for mut wire in [slow_head.join().unwrap(), silent] {
        assert!(wire.answer().is_none_or(|answer| answer.status == 408));
        assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
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
