//! The thread that writes, and its end.

use std::{sync::Arc, thread, time::Duration};

use tokio::{
    runtime,
    sync::{oneshot, watch},
    time::{Instant, sleep_until, timeout},
};

use crate::{Error, queue::Queue};

/// The writing side; dropping it puts what waits into the spool without another try.
#[must_use = "the log ends when its writer is dropped"]
pub struct Writer {
    queue: Arc<Queue>,
    closing: watch::Sender<Option<Instant>>,
    done: oneshot::Receiver<()>,
}

/// Tells the writing thread when to end.
pub(crate) struct Closing(watch::Receiver<Option<Instant>>);

impl Closing {
    /// Whether it should end soon.
    pub fn is_asked(&self) -> bool {
        self.0.borrow().is_some() || self.0.has_changed().is_err()
    }

    /// Waits until it should end soon.
    pub async fn asked(&self) -> Instant {
        let mut closing = self.0.clone();
        let asked = closing.wait_for(Option::is_some).await;
        asked.ok().and_then(|at| *at).unwrap_or_else(Instant::now)
    }

    /// Waits until no time is left for the destination.
    pub async fn overdue(&self) {
        sleep_until(self.asked().await).await;
    }
}

impl Writer {
    /// Runs `work` on a thread and a runtime of its own.
    pub(crate) fn start<F: Future<Output = ()>>(
        queue: Arc<Queue>,
        work: impl FnOnce(Closing) -> F + Send + 'static,
    ) -> Result<Self, Error> {
        let (closing, asked) = watch::channel(None);
        let (ended, done) = oneshot::channel();
        let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Thread)?;
        let after = Arc::clone(&queue);
        let body = move || {
            runtime.block_on(work(Closing(asked)));
            after.close();
            let _ = ended.send(());
            // A name that is still being looked up need not be waited for.
            runtime.shutdown_background();
        };
        thread::Builder::new().name("prediction-log".into()).spawn(body).map_err(Error::Thread)?;
        Ok(Self { queue, closing, done })
    }

    /// Writes what waits, and ends within `deadline`: three quarters of it are for the destination, after that
    /// what is left goes to the spool. What is recorded from now on is dropped.
    pub async fn close(mut self, deadline: Duration) {
        self.queue.close();
        self.closing.send_replace(Some(Instant::now() + deadline * 3 / 4));
        if timeout(deadline, &mut self.done).await.is_err() {
            tracing::warn!("the prediction log could not end in time; rows in memory are lost");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.close();
    }
}
