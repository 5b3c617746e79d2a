//! Rows on their way to PostgreSQL: from memory while it answers, by way of the spool while it does not.
//!
//! One task takes batches in order, the spool's before the queue's, and sends one at a time. While it waits for
//! the server it goes on moving rows from memory to the spool. A batch whose sending failed goes to the spool
//! under the number that it got when it left the queue, so that nothing overtakes it; whether it arrived after
//! all does not matter, since rows are inserted by id.

mod address;
mod link;
mod store;
mod trouble;

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::{select, time::sleep};

pub(crate) use address::Address;
use link::Link;
pub(crate) use link::connect;
use store::{Sending, Store};
pub(crate) use trouble::Trouble;

use crate::{counts::Counters, queue::Queue, spool::Spool, told::Told, writer::Closing};

pub(crate) struct Postgres {
    store: Store,
    link: Link,
    sending: Option<Sending>,
    pauses: ExponentialBackoff,
    told: Told,
}

impl Postgres {
    pub fn new(address: Address, spool: Spool, queue: Arc<Queue>, counts: Arc<Counters>) -> Self {
        let store = Store::new(queue, spool, counts);
        Self { store, link: Link::new(address), sending: None, pauses: pauses(), told: Told::default() }
    }

    /// Sends until nothing waits and nothing will come, or no time is left; the rest goes to the spool.
    pub async fn run(mut self, closing: Closing) {
        select! {
            biased;
            () = closing.overdue() => {}
            () = self.deliver(&closing) => {}
        }
        if let Some(sending) = self.sending.take() {
            self.store.keep(&sending);
        }
        while let Some(batch) = self.store.queue.pop() {
            self.store.spill(&batch);
        }
    }

    async fn deliver(&mut self, closing: &Closing) {
        while !(self.store.spool.is_empty() && self.store.queue.is_finished()) {
            let Err(trouble) = self.step().await else { continue };
            self.store.counts.connected.store(false, Relaxed);
            self.told.wrong("PostgreSQL takes no predictions, they wait in the spool", trouble.to_string());
            if let Some(sending) = self.sending.take() {
                self.store.keep(&sending);
            }
            if closing.is_asked() {
                return;
            }
            let pause = sleep(self.pauses.next().unwrap_or_default());
            // Who is asked to end tries once more, at once.
            let pause = async {
                select! { () = pause => {}, _ = closing.asked() => {} }
            };
            self.store.meanwhile(true, pause).await;
        }
    }

    /// Sends a batch when there is one, over a new connection if need be.
    async fn step(&mut self) -> Result<(), Trouble> {
        if self.store.spool.is_empty() && self.link.is_open() {
            self.store.queue.ripe().await;
        }
        if !self.link.is_open() {
            self.store.meanwhile(true, self.link.open()).await?;
            // With rows behind it, only their arrival shows that all is well.
            if self.store.spool.is_empty() {
                self.is_well();
            }
        }
        let Some(sending) = self.store.take() else { return Ok(()) };
        let sending = self.sending.insert(sending);
        let arrived = self.store.meanwhile(false, self.link.insert(&sending.batch.text)).await?;
        if let Some(sending) = self.sending.take() {
            self.store.spool.remove(sending.number);
        }
        self.store.counts.written.fetch_add(arrived.written, Relaxed);
        self.store.counts.refused.fetch_add(arrived.refused, Relaxed);
        self.store.count();
        if arrived.refused > 0 {
            tracing::warn!(rows = arrived.refused, "PostgreSQL refuses predictions for good, they are dropped");
        }
        self.is_well();
        Ok(())
    }

    fn is_well(&mut self) {
        self.store.counts.connected.store(true, Relaxed);
        self.told.right("PostgreSQL takes predictions again");
        self.pauses = pauses();
    }
}

/// From a tenth of a second to ten, each up to twice as long by chance, so that pods do not return all at once.
fn pauses() -> ExponentialBackoff {
    let (shortest, longest) = (Duration::from_millis(100), Duration::from_secs(10));
    ExponentialBuilder::new()
        .with_min_delay(shortest)
        .with_max_delay(longest)
        .with_factor(2.0)
        .without_max_times()
        .with_jitter()
        .build()
}

#[cfg(test)]
mod tests;
