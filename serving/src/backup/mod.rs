//! `serving backup watch`: how old the backups are, for Prometheus.
//!
//! The pod of a run is gone before anybody scrapes it, and a run that says of itself that it was good is no proof that its
//! files are still there. So a process looks at the files every so often and tells what it sees; while it cannot see, it tells
//! nothing, and is not ready.

mod metrics;

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    routing::get,
};
use backups::Store;
use tracing::{info, warn};

/// What was seen last.
#[derive(Debug, Default)]
pub struct Watch {
    /// Metrics, if the last look was one.
    seen: RwLock<Option<String>>,
    draining: AtomicBool,
}

impl Watch {
    /// Looks at the store for ever.
    pub async fn look(&self, store: &Store, every: Duration) {
        loop {
            let seen = match store.list().await {
                Ok(listing) => {
                    for name in &listing.damaged {
                        warn!(name, "a backup is not what its receipt says");
                    }
                    info!(backups = listing.backups.len(), "looked");
                    metrics::text(&listing).inspect_err(|error| warn!(%error, "metrics")).ok()
                }
                Err(error) => {
                    warn!(%error, "backups cannot be looked at");
                    None
                }
            };
            *self.seen.write().unwrap_or_else(PoisonError::into_inner) = seen;
            tokio::time::sleep(every).await;
        }
    }

    /// Nobody should ask any more; who does is answered.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    fn seen(&self) -> Option<String> {
        self.seen.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// `/health` while the process lives, `/ready` while the files can be seen, `/metrics`.
pub fn router(watch: &Arc<Watch>) -> Router {
    let type_of = [(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)];
    Router::new()
        .route("/health", get(|| async { "alive\n" }))
        .route("/ready", get(ready))
        .route(
            "/metrics",
            get(async move |State(watch): State<Arc<Watch>>| (type_of, watch.seen().unwrap_or_default())),
        )
        .with_state(watch.clone())
}

async fn ready(State(watch): State<Arc<Watch>>) -> (StatusCode, &'static str) {
    if watch.draining.load(Ordering::Relaxed) {
        (StatusCode::SERVICE_UNAVAILABLE, "about to end\n")
    } else if watch.seen().is_none() {
        (StatusCode::SERVICE_UNAVAILABLE, "backups cannot be looked at; the log says why\n")
    } else {
        (StatusCode::OK, "ready\n")
    }
}
