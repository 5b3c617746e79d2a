//! Lines in memory, between those who predict and the one thread that writes.
//!
//! Lines are gathered into batches as they come, so that a row costs a copy and no allocation of its own, and
//! the bound is one of bytes, which is what memory is made of. The lock is held for that copy alone.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    select,
    sync::Notify,
    time::{Instant, sleep_until},
};

use crate::Settings;

/// Lines that are written at once.
pub(crate) struct Batch {
    /// Each ends in a line feed.
    pub text: Vec<u8>,
    pub rows: u64,
    since: Instant,
}

impl Batch {
    /// Lines that were read from somewhere.
    pub fn of(text: Vec<u8>, rows: u64) -> Self {
        Self { text, rows, since: Instant::now() }
    }
}

/// What [`Queue::wait`] should wait for.
enum Wait {
    No,
    Until(Instant),
    ForChange,
}

struct State {
    batches: VecDeque<Batch>,
    bytes: usize,
    closed: bool,
}

pub(crate) struct Queue {
    state: Mutex<State>,
    /// A batch was begun or filled, or the queue was closed.
    changed: Notify,
    limit: usize,
    batch: usize,
    linger: Duration,
}

impl Queue {
    pub fn new(settings: &Settings) -> Self {
        let state = State { batches: VecDeque::new(), bytes: 0, closed: false };
        let Settings { queue_bytes: limit, batch_bytes: batch, linger } = *settings;
        Self { state: Mutex::new(state), changed: Notify::new(), limit, batch, linger }
    }

    /// Takes a line, unless there is no room for it.
    #[must_use]
    pub fn push(&self, line: &[u8]) -> bool {
        let mut state = self.lock();
        if state.closed || state.bytes + line.len() > self.limit {
            return false;
        }
        state.bytes += line.len();
        let full = |batch: &Batch| batch.text.len() + line.len() > self.batch;
        match state.batches.back_mut() {
            Some(batch) if !full(batch) => {
                batch.text.extend_from_slice(line);
                batch.rows += 1;
            }
            _ => {
                state.batches.push_back(Batch::of(line.to_vec(), 1));
                drop(state);
                self.changed.notify_one();
            }
        }
        true
    }

    /// Takes the oldest batch out.
    pub fn pop(&self) -> Option<Batch> {
        let mut state = self.lock();
        let batch = state.batches.pop_front()?;
        state.bytes -= batch.text.len();
        Some(batch)
    }

    /// Nothing is taken any more; what waits can still be taken out.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    /// Whether nothing waits and nothing will come.
    pub fn is_finished(&self) -> bool {
        let state = self.lock();
        state.closed && state.batches.is_empty()
    }

    /// Waits until the oldest batch should be written, or the queue is closed.
    pub async fn ripe(&self) {
        self.wait(|state| if state.closed { Wait::No } else { self.ripens(state) }).await;
    }

    /// Waits until the oldest batch should leave the memory though it cannot be delivered: because half of the
    /// room is taken, or, when delivery may take long (`away`), because it would be written by now.
    pub async fn pressing(&self, away: bool) {
        self.wait(|state| match state.bytes {
            bytes if bytes > self.limit / 2 => Wait::No,
            _ if away => self.ripens(state),
            _ => Wait::ForChange,
        })
        .await;
    }

    fn ripens(&self, state: &State) -> Wait {
        match state.batches.front() {
            None => Wait::ForChange,
            Some(_) if state.batches.len() > 1 => Wait::No,
            Some(first) => Wait::Until(first.since + self.linger),
        }
    }

    async fn wait(&self, what: impl Fn(&State) -> Wait) {
        loop {
            // The lock is gone before the wait; a change in between leaves its permit.
            let wait = what(&self.lock());
            match wait {
                Wait::No => return,
                Wait::Until(time) if time <= Instant::now() => return,
                Wait::Until(time) => select! { () = self.changed.notified() => {}, () = sleep_until(time) => {} },
                Wait::ForChange => self.changed.notified().await,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Queue;
    use crate::Settings;

    fn queue() -> Queue {
        Queue::new(&Settings { queue_bytes: 100, batch_bytes: 30, linger: Duration::from_millis(20) })
    }

    #[test]
    fn bytes_are_bounded_and_room_comes_back() {
        let queue = queue();
        let taken = (0..20).filter(|_| queue.push(b"123456789\n")).count();
        assert_eq!(taken, 10);
        assert_eq!(queue.pop().map(|batch| batch.rows), Some(3));
        let taken = (0..20).filter(|_| queue.push(b"123456789\n")).count();
        assert_eq!(taken, 3);
        assert!(!queue.push(&[b'x'; 101]), "a line that is larger than everything");
    }

    #[tokio::test]
    async fn a_batch_ripens_with_time_or_when_it_is_full() {
        let queue = queue();
        let begin = tokio::time::Instant::now();
        assert!(queue.push(b"a\n"));
        queue.ripe().await;
        assert!(begin.elapsed() >= Duration::from_millis(20));
        assert!(queue.push(&[b'x'; 30]));
        let begin = tokio::time::Instant::now();
        queue.ripe().await;
        assert!(begin.elapsed() < Duration::from_millis(10));
    }

    #[tokio::test]
    async fn what_was_taken_before_the_end_is_still_there() {
        let queue = queue();
        assert!(queue.push(b"a\n"));
        queue.close();
        assert!(!queue.push(b"b\n"));
        queue.ripe().await;
        assert!(!queue.is_finished());
        assert_eq!(queue.pop().map(|batch| batch.text), Some(b"a\n".to_vec()));
        assert!(queue.is_finished());
    }
}
