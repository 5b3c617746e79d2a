//! The web page: for the people who use the models rather than run them.
//!
//! Everything is rendered here and works without JavaScript; scripts make it live. There are several pods and no affinity, so
//! nothing is kept between two requests that another pod would need: a link carries the inputs, the browser keeps the history,
//! and the cookie of the session is its own proof (`session`).
//!
//! Architecture invariant: the page knows a model by what its API answers over HTTP, and nothing else of it: no file, no registry.

mod apis;
mod assets;
mod batch;
mod forms;
mod pages;
mod session;
mod shield;
mod shown;
mod words;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

pub use apis::{Api, watch};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn,
    routing::{get, post},
};

/// What all requests share.
#[derive(Debug)]
pub struct Page {
    apis: Vec<Arc<Api>>,
    draining: AtomicBool,
}

/// The page, as every handler gets it.
pub type Shared = Arc<Page>;

/// Bytes of a form: some hundred fields.
const FORM: usize = 64 << 10;

impl Page {
    /// A page of these models, in this order.
    pub fn new(apis: Vec<Api>) -> Shared {
        Arc::new(Self { apis: apis.into_iter().map(Arc::new).collect(), draining: AtomicBool::new(false) })
    }

    /// The APIs that it shows.
    pub fn apis(&self) -> &[Arc<Api>] {
        &self.apis
    }

    /// Nobody should send requests any more; those that come are answered.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    fn api(&self, model: &str) -> Option<&Arc<Api>> {
        self.apis.iter().find(|api| api.name == model)
    }
}

/// All that can be asked.
pub fn router(page: &Shared) -> Router {
    let upload = post(pages::batch::upload).layer(DefaultBodyLimit::max(pages::batch::LARGEST));
    let model = Router::new()
        .route("/", get(pages::predict::show).post(pages::predict::predict))
        .route("/result", post(pages::predict::fragment))
        .route("/watch", get(pages::watch::show))
        .route("/watch/parts", get(pages::watch::fragment))
        .route("/batch", get(pages::batch::show).merge(upload))
        .route("/batch/example", get(pages::batch::example))
        .route("/batch/rows", post(pages::batch::rows).layer(DefaultBodyLimit::max(batch::PIECE)));
    Router::new()
        .route("/", get(pages::start))
        .route("/health", get(pages::health))
        .route("/ready", get(pages::ready))
        .route("/assets/{name}", get(assets::asset))
        .route("/{language}", get(pages::home::show))
        .route("/{language}/status", get(pages::status::fragment))
        .nest("/{language}/models/{model}", model)
        .fallback(pages::nothing_here)
        .layer(DefaultBodyLimit::max(FORM))
        .layer(from_fn(shield::shield))
        .with_state(page.clone())
}
