//! How much an API has to do, where several pods answer behind one address and one of them is replaced.

use std::{
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    ops::RangeInclusive,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::stack::Page;
use crate::{
    program::{Api, Client, get},
    project::{Project, rows},
};

/// A Service: it gives each connection to the next of its pods.
struct Service {
    address: SocketAddr,
    pods: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Service {
    fn of(pods: &[&Api]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let this = Self { address: listener.local_addr().unwrap(), pods: Arc::default() };
        this.points_to(pods);
        let pods = Arc::clone(&this.pods);
        thread::spawn(move || {
            for (turn, client) in listener.incoming().flatten().enumerate() {
                let pod = { pods.lock().unwrap()[turn % 2] };
                // Who is away refuses; the client is told by the end of its connection.
                if let Ok(server) = TcpStream::connect(pod) {
                    for (mut from, mut to) in
                        [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)]
                    {
                        thread::spawn(move || {
                            let _ = std::io::copy(&mut from, &mut to);
                            let _ = to.shutdown(Shutdown::Write);
                        });
                    }
                }
            }
        });
        this
    }

    fn points_to(&self, pods: &[&Api]) {
        *self.pods.lock().unwrap() = pods.iter().map(|pod| pod.address().parse().unwrap()).collect();
    }
}

/// Somebody who asks a pod some twenty times a second, and remembers when.
struct Load {
    asked: Arc<Mutex<Vec<Instant>>>,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Load {
    fn on(pod: &Api) -> Self {
        let (asked, ends) = (Arc::<Mutex<Vec<Instant>>>::default(), Arc::<AtomicBool>::default());
        let (url, row) = (pod.url("/predict"), Value::Array(rows()[..1].to_vec()));
        let (log, end) = (Arc::clone(&asked), Arc::clone(&ends));
        let work = move || {
            let client = Client::new();
            while !end.load(Ordering::Relaxed) {
                client.ask(&url, &row);
                log.lock().unwrap().push(Instant::now());
                thread::sleep(Duration::from_millis(50));
            }
        };
        Self { asked, ends, thread: Some(thread::spawn(work)) }
    }

    /// Requests per second since then, while it worked or not.
    fn rate(&self, since: Instant) -> f64 {
        let asked = self.asked.lock().unwrap().iter().filter(|at| **at >= since).count();
        f64::from(u32::try_from(asked).unwrap()) / since.elapsed().as_secs_f64()
    }

    fn end(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        self.thread.take().map(JoinHandle::join).transpose().unwrap();
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
    }
}

/// What the page says that the model is asked per second, if it says so.
fn shown(page: &Page) -> Option<f64> {
    let text = get(&page.url("/en/models/iris/watch/parts")).1;
    let (_, rest) = text.split_once("<dt>Requests per second</dt><dd>")?;
    rest.split_once('<')?.0.parse().ok()
}

/// What it says of what is true, for so many seconds.
fn all_along(page: &Page, seconds: u64, what: &str, bounds: &RangeInclusive<f64>, truth: impl Fn() -> f64) {
    let end = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < end {
        let (shown, truth) = (shown(page).unwrap_or_default(), truth());
        assert!(bounds.contains(&(shown / truth)), "{what}: {shown} a second, not about {truth}");
        thread::sleep(Duration::from_millis(250));
    }
}

#[test]
fn the_pods_of_an_api_are_added_up_also_when_one_is_replaced() {
    let project = Project::new();
    project.train(&project.registry(), 0);
    let pod = || project.serve(&project.registry(), &[]).ready();
    let (stays, goes) = (pod(), pod());
    let service = Service::of(&[&stays, &goes]);
    let mut loads = vec![Load::on(&stays), Load::on(&goes)];
    let page = Page::of(&[("API_URL_IRIS", &format!("http://{}", service.address))]);
    let start = Instant::now();
    // One minute at the most is what it tells of.
    let truth = |loads: &[Load]| {
        let since = start.max(Instant::now().checked_sub(Duration::from_mins(1)).unwrap_or(start));
        loads.iter().map(|load| load.rate(since)).sum::<f64>()
    };
    page.page.until("both pods are seen", |_| shown(&page).is_some_and(|rate| rate > truth(&loads) * 0.8));
    all_along(&page, 5, "two pods", &(0.75..=1.25), || truth(&loads));

    let came = pod();
    loads[1].end();
    service.points_to(&[&stays, &came]);
    loads.push(Load::on(&came));
    drop(goes);
    all_along(&page, 25, "another pod in the place of one", &(0.6..=1.25), || truth(&loads));
    all_along(&page, 5, "the new pod is known", &(0.75..=1.25), || truth(&loads));
}
