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
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
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

    fn answer(&self, path: &str) -> Response {
        let (status, text) = match (path, self.seen()) {
            ("/health", _) => (StatusCode::OK, "alive\n".to_owned()),
            ("/ready", _) if self.draining.load(Ordering::Relaxed) => {
                (StatusCode::SERVICE_UNAVAILABLE, "about to end\n".to_owned())
            }
            ("/ready", None) => {
                (StatusCode::SERVICE_UNAVAILABLE, "backups cannot be looked at; the log says why\n".to_owned())
            }
            ("/ready", Some(_)) => (StatusCode::OK, "ready\n".to_owned()),
            ("/metrics", seen) => (StatusCode::OK, seen.unwrap_or_default()),
            _ => (StatusCode::NOT_FOUND, "there is /metrics, /health and /ready\n".to_owned()),
        };
        (status, [(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response()
    }

    fn seen(&self) -> Option<String> {
        self.seen.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// `/health` while the process lives, `/ready` while the files can be seen, `/metrics`.
///
/// One handler for all, since each route of its own is some kilobytes of the image.
pub fn router(watch: &Arc<Watch>) -> Router {
    let watch = watch.clone();
    Router::new().fallback(async move |uri: Uri| watch.answer(uri.path()))
}
