//! Traces reach a collector, as a part of the client's own trace.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::program::{Api, done, model_file, post, serving};

/// A collector that says what it was sent.
fn collector() -> (u16, mpsc::Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, (sender, receiver)) = (listener.local_addr().unwrap().port(), mpsc::channel());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, mut sent) = (stream.unwrap(), Vec::new());
            stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
            let mut chunk = [0; 4096];
            while let Ok(read @ 1..) = stream.read(&mut chunk) {
                sent.extend_from_slice(&chunk[..read]);
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            let _ = sender.send(sent);
        }
    });
    (port, receiver)
}

#[test]
fn a_request_is_a_span_of_its_clients_trace() {
    let (folder, iris) = (tempfile::tempdir().unwrap(), model_file("iris"));
    let registry = folder.path().to_string_lossy().into_owned();
    done(&mut serving(&["train", "--model-file", &iris, "--registry", &registry]));
    let (port, received) = collector();
    let address = format!("http://127.0.0.1:{port}");
    let mut api = Api::start(&iris, &registry, &["--otlp", &address, "--drain-seconds", "0"], &[]).ready();
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let (status, _) = post(&api.url("/predict"), "[]", &[("traceparent", &parent)]);
    assert_eq!(status, 200);
    api.server.terminate();
    assert!(api.server.ended(20).success(), "{}", api.log());

    let sent = received.recv_timeout(Duration::from_secs(10)).expect("a trace");
    let has = |bytes: &[u8]| sent.windows(bytes.len()).any(|window| window == bytes);
    let id: Vec<u8> = (0..32).step_by(2).map(|at| u8::from_str_radix(&trace[at..at + 2], 16).unwrap()).collect();
    assert!(has(b"POST /v1/traces") && has(b"POST /predict") && has(b"serving-iris-model"));
    assert!(has(&id), "the span is of another trace");
}
