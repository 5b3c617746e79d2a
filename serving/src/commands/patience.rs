//! Waits for a registry that is away: one that starts after the training, or restarts in the middle of it.

use std::time::{Duration, Instant};

use registry::{Error, Registry};

use super::{Trouble, tell};

/// What the registry answers to `ask`, as soon as it answers; other errors than its being away are told at once.
pub async fn patiently<T, F>(registry: &Registry, patience: Duration, mut ask: impl FnMut() -> F) -> Result<T, Trouble>
where
    F: Future<Output = Result<T, Error>>,
{
    let start = Instant::now();
    let mut told = false;
    loop {
        match ask().await {
            Err(error) if error.is_transient() && start.elapsed() < patience => {
                if !std::mem::replace(&mut told, true) {
                    tell(&format!("waiting for {}: {error}", registry.shown()));
                }
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
            other => return Ok(other?),
        }
    }
}
