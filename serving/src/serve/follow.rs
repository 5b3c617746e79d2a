//! Follows an alias: polls the registry, loads what it stands on now, and serves it when it is good.
//!
//! The version before stays until the next one has been downloaded, verified and tried; a version that fails
//! is refused, and asked for again only after a while.

use std::time::{Duration, Instant, SystemTime};

use rand::RngExt;
use registry::{Registry, Version};
use tracing::{debug, error, info, warn};

use super::{Cache, Shared, cache::Kept, versions::MOST};
use crate::{
    drift::{LARGEST, PATH, Report},
    model::Loaded,
};

/// What to follow, and how often.
#[derive(Debug)]
pub struct Follow {
    /// Where versions are.
    pub registry: Registry,
    /// The alias.
    pub alias: String,
    /// Between two polls, give or take a fifth.
    pub every: Duration,
    /// Bytes that a version may have.
    pub largest: u64,
    /// Where the last good version is kept.
    pub cache: Cache,
}

/// A version that was refused is tried again after this, for what a bad transfer broke.
const AGAIN: Duration = Duration::from_mins(5);
/// The longest wait for a registry that is away.
const PATIENCE: Duration = Duration::from_mins(1);
/// The same for a pod that serves nothing yet: somebody waits for it.
const IMPATIENCE: Duration = Duration::from_secs(5);

/// Every so many polls, one looks for a drift report and lists the versions too: reports are hours apart, and MLflow is asked
/// three times for one.
const RARELY: u32 = 4;

/// What a poll found out.
enum Poll {
    /// The version that is served is the right one.
    Same(Box<Version>),
    /// Nothing is registered yet.
    Nothing,
    /// This one is to be served.
    New(Box<Version>),
}

/// Serves the cached version, then follows the alias for ever.
pub async fn follow(service: Shared, follow: Follow) {
    let served = from_cache(&service, &follow);
    let mut following =
        Following { service, follow, served, refused: None, away: 0, missing: false, polls: 0, unread: String::new() };
    loop {
        let wait = following.poll().await;
        // Pods that started together should not ask together.
        let jitter = rand::rng().random_range(0.8..1.2);
        tokio::time::sleep(wait.mul_f64(jitter)).await;
    }
}

/// A start does not wait for the registry where a version was kept.
fn from_cache(service: &Shared, follow: &Follow) -> Option<Key> {
    let kept = follow.cache.load().unwrap_or_else(|reason| {
        warn!(%reason, "the cached version is not served");
        None
    })?;
    match Loaded::new(&kept.version, &kept.files, &service.file) {
        Ok(model) => {
            info!(version = model.version, "serving the cached version until the registry answers");
            service.serve(model);
            Some(Key { number: kept.version, identity: kept.identity })
        }
        Err(reason) => {
            warn!(version = kept.version, %reason, "the cached version is not served");
            None
        }
    }
}

/// How long to wait after so many polls that failed in a row.
fn patience(failed: u32, every: Duration, serving: bool) -> Duration {
    let most = if serving { PATIENCE.max(every) } else { IMPATIENCE };
    every.min(Duration::from_secs(1)).saturating_mul(1 << failed.min(10)).min(most)
}

/// Which version: numbers alone begin again where a registry does.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    number: String,
    identity: String,
}

impl Key {
    fn of(version: &Version) -> Self {
        Self { number: version.number.clone(), identity: version.identity().to_owned() }
    }
}

struct Following {
    service: Shared,
    follow: Follow,
    served: Option<Key>,
    refused: Option<(Key, Instant)>,
    /// Polls that failed in a row.
    away: u32,
    missing: bool,
    /// Polls that found nothing new.
    polls: u32,
    /// Why the drift report was not read, the last time.
    unread: String,
}

impl Following {
    /// Polls once, and says how long to wait.
    async fn poll(&mut self) -> Duration {
        let outcome = match self.ask().await {
            Ok(Poll::New(version)) => {
                let loaded = self.load(&version).await;
                self.list(Some(&version)).await;
                loaded
            }
            Ok(Poll::Nothing) => {
                if !std::mem::replace(&mut self.missing, true) {
                    let (model, alias) = (&self.service.words.model, &self.follow.alias);
                    warn!(model, alias, "the registry has no version under this alias yet");
                }
                if self.is_time() {
                    self.list(None).await;
                }
                Ok(())
            }
            Ok(Poll::Same(version)) => {
                if self.is_time() {
                    self.list(Some(&version)).await;
                    self.look_for_report(&version).await;
                }
                Ok(())
            }
            Err(error) => Err(error),
        };
        let metrics = &self.service.metrics;
        match outcome {
            Ok(()) => {
                if std::mem::take(&mut self.away) > 0 {
                    info!(registry = self.follow.registry.shown(), "the registry answers again");
                }
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
                metrics.polled.set(now.as_secs_f64());
                // Who waits for a first model looks more often.
                if self.service.model().is_none() {
                    self.follow.every.min(Duration::from_secs(2))
                } else {
                    self.follow.every
                }
            }
            Err(reason) => {
                metrics.poll_errors.inc();
                if self.away == 0 {
                    warn!(registry = self.follow.registry.shown(), %reason, "the registry does not answer as it should");
                }
                self.away = self.away.saturating_add(1);
                patience(self.away, self.follow.every, self.service.model().is_some())
            }
        }
    }

    /// Whether this poll is one of those that look for more than the alias.
    fn is_time(&mut self) -> bool {
        self.polls = self.polls.wrapping_add(1);
        self.polls % RARELY == 1
    }

    async fn ask(&mut self) -> Result<Poll, registry::Error> {
        let found = self.follow.registry.aliased(&self.service.words.model, &self.follow.alias).await?;
        let Some(version) = found else { return Ok(Poll::Nothing) };
        self.missing = false;
        let key = Key::of(&version);
        let refused = |(refused, at): &(Key, Instant)| *refused == key && at.elapsed() < AGAIN;
        let same = self.served.as_ref() == Some(&key) || self.refused.as_ref().is_some_and(refused);
        let version = Box::new(version);
        Ok(if same { Poll::Same(version) } else { Poll::New(version) })
    }

    /// Tells which versions there are. A list that cannot be had is no trouble of the service's: the one before stays.
    async fn list(&self, aliased: Option<&Version>) {
        let (service, alias) = (&self.service, &self.follow.alias);
        match self.follow.registry.newest(&service.words.model, MOST).await {
            Ok(versions) => service.versions.are(alias, aliased.map(|version| version.number.as_str()), &versions),
            Err(reason) => debug!(%reason, "the versions cannot be listed; the list before stays"),
        }
    }

    /// Shows the drift report that lies beside the version that is served. What is wrong with it is no trouble of the service's.
    async fn look_for_report(&mut self, version: &Version) {
        if self.served != Some(Key::of(version)) {
            return;
        }
        let (service, model) = (&self.service, &self.service.words.model);
        let read = match self.follow.registry.attachment(version, PATH, LARGEST).await {
            Ok(bytes) => bytes.map(|bytes| Report::read(&bytes, model, &version.number)).transpose(),
            Err(error) => Err(error.to_string()),
        };
        match read {
            Ok(report) => {
                self.unread.clear();
                if let (true, Some(report)) = (service.metrics.drift.show(report.as_ref()), report) {
                    info!(model, version = version.number, says = report.says(), "there is a new drift report");
                }
            }
            Err(reason) if reason == self.unread => {}
            Err(reason) => {
                warn!(model, version = version.number, reason, "the drift report cannot be read; the one before stays");
                self.unread = reason;
            }
        }
    }

    async fn load(&mut self, version: &Version) -> Result<(), registry::Error> {
        let key = Key::of(version);
        let files = match self.follow.registry.files(version, self.follow.largest).await {
            Ok(files) => files,
            Err(error) if error.is_transient() => return Err(error),
            Err(error) => {
                self.refuse(key, &error);
                return Ok(());
            }
        };
        let (service, cache) = (self.service.clone(), self.follow.cache.clone());
        let kept = Kept { version: key.number.clone(), identity: key.identity.clone(), files };
        let loading = tokio::task::spawn_blocking(move || {
            let model = Loaded::new(&kept.version, &kept.files, &service.file)?;
            if let Err(reason) = cache.keep(&kept) {
                warn!(version = kept.version, %reason, "the version is served, but could not be kept on disk");
            }
            service.serve(model);
            info!(model = service.words.model, version = kept.version, "serving a new version");
            Ok::<(), crate::model::Broken>(())
        });
        match loading.await {
            Ok(Ok(())) => (self.served, self.refused) = (Some(key), None),
            Ok(Err(broken)) => self.refuse(key, &broken),
            Err(failed) => self.refuse(key, &failed),
        }
        Ok(())
    }

    fn refuse(&mut self, key: Key, reason: &dyn std::fmt::Display) {
        self.service.metrics.refused.inc();
        let stays = self.service.model().map(|model| model.version.clone());
        error!(version = key.number, %reason, stays, "the version is not served");
        self.refused = Some((key, Instant::now()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polls_that_fail_become_rarer_up_to_a_bound() {
        let seconds = |failed, every, serving| patience(failed, Duration::from_secs(every), serving).as_secs();
        assert_eq!([1, 2, 3, 6, 1000].map(|failed| seconds(failed, 15, true)), [2, 4, 8, 60, 60]);
        assert_eq!([1, 2, 3, 1000].map(|failed| seconds(failed, 15, false)), [2, 4, 5, 5]);
        assert_eq!(seconds(1000, 600, true), 600);
    }
}
