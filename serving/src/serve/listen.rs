//! Connections, from the first to the last.
//!
//! The end has three steps, as the contract of the image says: nobody new should come (`/ready` turns false, and answers
//! close their connections), then nobody new can come, then what is under way ends. A further signal skips the step that
//! is being waited for.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tracing::{info, warn};

/// How to end.
#[derive(Debug, Clone, Copy)]
pub struct Stop {
    /// How long requests are still taken after SIGTERM, while endpoints forget this process.
    pub drain: Duration,
    /// How long those under way may take afterwards.
    pub grace: Duration,
}

/// How to treat connections.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How long a client has for the headers of its first and of each further request.
    pub headers: Duration,
    /// How long it may leave an answer unread.
    pub answers: Duration,
    /// How to end.
    pub stop: Stop,
}

/// Connections at the same time; each costs some kilobytes.
const CONNECTIONS: usize = 4096;

/// Serves until SIGTERM or SIGINT; `drain` is told when the first of them comes.
///
/// # Errors
/// When signals cannot be waited for.
pub async fn listen(
    listener: TcpListener,
    router: Router,
    drain: &dyn Fn(),
    patience: Patience,
) -> std::io::Result<()> {
    let Patience { headers, answers, stop } = patience;
    allow_open_files();
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut signals = Signals::new()?;
    let end = signals.end(drain, stop.drain);
    let mut end = Box::pin(end);
    loop {
        let place = places.clone().acquire_owned();
        let accepted = async {
            let place = place.await;
            (listener.accept().await, place)
        };
        let (stream, place) = tokio::select! {
            (accepted, place) = accepted => match accepted {
                Ok((stream, _)) => (stream, place),
                Err(reason) => {
                    // Out of file descriptors, most likely: others end and give theirs back.
                    warn!(%reason, "a connection could not be accepted");
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut end => break,
        };
        // Small answers should not wait for more to come; a connection that is gone already says so below.
        let _ = stream.set_nodelay(true);
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(headers);
        // Who never reads what he asked for would keep his place for ever.
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(answers));
        let connection =
            http.serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(router.clone()));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Clients that go away or send no HTTP are no event here; requests are logged elsewhere.
            let _: Result<(), Result<hyper::Error, Infallible>> = connection.await.map_err(Ok);
            drop(place);
        });
    }
    drop((listener, end));
    let whole = tokio::select! {
        done = timeout(stop.grace, graceful.shutdown()) => done.is_ok(),
        () = signals.next() => false,
    };
    if !whole {
        warn!("requests were still under way at the end");
    }
    info!("ended");
    Ok(())
}

/// Container runtimes allow 1,024 open files, for programs that use select(2), and as many as it takes to those that ask.
fn allow_open_files() {
    let most = getrlimit(Resource::Nofile).maximum;
    if let Err(reason) = setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most }) {
        warn!(%reason, "the limit of open files stays as it is");
    }
}

/// SIGTERM and SIGINT.
struct Signals {
    term: Signal,
    int: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self { term: signal(SignalKind::terminate())?, int: signal(SignalKind::interrupt())? })
    }

    /// Either of them.
    async fn next(&mut self) {
        tokio::select! { _ = self.term.recv() => {}, _ = self.int.recv() => {} }
    }

    /// Ends some time after SIGTERM, when endpoints have forgotten this process; at once after SIGINT or a second signal.
    async fn end(&mut self, tell: &dyn Fn(), drain: Duration) {
        let wait = tokio::select! { _ = self.term.recv() => drain, _ = self.int.recv() => Duration::ZERO };
        info!(seconds = wait.as_secs_f64(), "asked to end; requests are still answered");
        tell();
        tokio::select! { () = sleep(wait) => {}, () = self.next() => {} }
    }
}
