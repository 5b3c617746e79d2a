//! The end: SIGTERM under load costs nobody an answer, and nobody keeps the process alive.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use crate::{
    program::{Api, Client, get},
    project::{self, rows},
    wire::{self, Wire},
};

fn api(arguments: &[&str]) -> Api {
    project::api(arguments, &[])
}

/// Clients come as long as the endpoints name the pod, and the endpoints look at `/ready` from time to time.
#[test]
fn sigterm_under_load_fails_no_request() {
    let mut api = api(&["--drain-seconds", "2"]);
    let (endpoint, asked, rows) = (AtomicBool::new(true), AtomicUsize::new(0), rows());
    let address = api.address();
    let (predict, ready) = (api.url("/predict"), api.url("/ready"));
    let mut asked_to_end = None;
    thread::scope(|scope| {
        for client in 0..8 {
            let (endpoint, asked, rows, predict, address) = (&endpoint, &asked, &rows, &predict, &address);
            scope.spawn(move || {
                let mut kept = Client::new();
                while endpoint.load(Relaxed) {
                    // One that keeps its connection, and one that comes anew for each request.
                    let row = &rows[asked.fetch_add(1, Relaxed) % rows.len()];
                    kept.ask(predict, row);
                    if client % 2 == 0 {
                        kept = Client::new();
                        let mut wire = Wire::connect(address);
                        wire.send(wire::post("/predict", &row.to_string(), "Connection: close\r\n"));
                        assert_eq!(wire.answer().map(|answer| answer.status), Some(200));
                    }
                }
            });
        }
        thread::sleep(Duration::from_millis(700));
        api.server.terminate();
        asked_to_end = Some(Instant::now());
        // What a kubelet and an endpoint controller take to notice.
        while get(&ready).0 == 200 {
            thread::sleep(Duration::from_millis(10));
        }
        assert!(asked_to_end.unwrap().elapsed() < Duration::from_millis(500), "/ready turns false at once");
        let noticed = asked.load(Relaxed);
        thread::sleep(Duration::from_secs(1));
        assert!(asked.load(Relaxed) > noticed + 50, "requests are answered while endpoints drain");
        assert_eq!(get(&api.url("/health")).0, 200, "an ending process is no dead one");
        endpoint.store(false, Relaxed);
    });
    let status = api.server.ended(5);
    let took = asked_to_end.unwrap().elapsed();
    assert_eq!(status.code(), Some(0), "{}", api.log());
    assert!((2.0..3.5).contains(&took.as_secs_f64()), "{took:?}");
}

#[test]
fn what_is_being_sent_is_answered_and_connections_close() {
    let mut api = api(&["--drain-seconds", "0.5"]);
    let (mut slow, mut kept, mut idle) =
        (Wire::connect(&api.address()), Wire::connect(&api.address()), Wire::connect(&api.address()));
    let request = wire::post("/predict", &rows()[0].to_string(), "");
    let (head, rest) = request.split_at(request.len() - 20);
    slow.send(head);
    for wire in [&mut kept, &mut idle] {
        wire.send(&request);
        let answer = wire.answer().unwrap();
        assert_eq!((answer.status, answer.header("connection")), (200, None));
    }
    api.server.terminate();
    while get(&api.url("/ready")).0 == 200 {}
    kept.send(&request);
    let answer = kept.answer().unwrap();
    assert_eq!((answer.status, answer.header("connection").as_deref()), (200, Some("close")));
    assert!(kept.is_closed());
    assert!(idle.is_closed(), "an idle connection ends with the drain");
    assert!(std::net::TcpStream::connect(api.address()).is_err(), "nobody new comes in");
    slow.send(rest);
    let answer = slow.answer().unwrap();
    assert_eq!((answer.status, answer.header("connection").as_deref()), (200, Some("close")));
    assert_eq!(api.server.ended(2).code(), Some(0));
}

#[test]
fn nobody_keeps_the_process_alive() {
    let mut api = api(&["--drain-seconds", "0.2", "--timeout-seconds", "1"]);
    let mut stuck = Wire::connect(&api.address());
    let request = wire::post("/predict", "[]", "");
    stuck.send(&request[..request.len() - 1]);
    let (mut silent, mut half) = (Wire::connect(&api.address()), Wire::connect(&api.address()));
    // Its own time limit is longer than what the process waits.
    half.send("GET /health HTTP/1.1\r\nHost: ");
    thread::sleep(Duration::from_millis(100));
    api.server.terminate();
    let start = Instant::now();
    assert_eq!(api.server.ended(5).code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!(stuck.answer().map(|answer| answer.status), Some(408));
    assert!(silent.is_closed() && half.is_closed());
}

#[test]
fn ctrl_c_ends_at_once_and_again_whatever_is_under_way() {
    let mut quick = api(&["--drain-seconds", "60"]);
    let mut idle = Wire::connect(&quick.address());
    idle.send(wire::get("/health"));
    assert_eq!(idle.answer().map(|answer| answer.status), Some(200));
    let start = Instant::now();
    quick.server.interrupt();
    assert_eq!(quick.server.ended(5).code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());

    for first_is_sigterm in [true, false] {
        let mut api = api(&["--drain-seconds", "60"]);
        let mut stuck = Wire::connect(&api.address());
        let request = wire::post("/predict", "[]", "");
        stuck.send(&request[..request.len() - 1]);
        thread::sleep(Duration::from_millis(100));
        if first_is_sigterm {
            api.server.terminate();
        } else {
            api.server.interrupt();
        }
        thread::sleep(Duration::from_millis(300));
        let start = Instant::now();
        api.server.interrupt();
        if first_is_sigterm {
            // The first Ctrl-C ends the drain, the next one the request that is under way.
            thread::sleep(Duration::from_millis(300));
            api.server.interrupt();
        }
        assert_eq!(api.server.ended(5).code(), Some(0), "{}", api.log());
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }
}
