//! What an API tells of how it is doing, kept with its time: what was last known stays when it goes away.

use std::{
    sync::{Arc, PoisonError},
    time::Instant,
};

use jiff::Timestamp;
use serde::Deserialize;

use super::{Api, Condition, Trouble, traffic::Rates};

/// The versions of a model, as `GET /versions` tells them.
#[derive(Debug, Clone, Default, Deserialize)]
#[expect(clippy::struct_field_names, reason = "what the API writes")]
pub struct Versions {
    /// The alias whose version is served; empty while the registry has not answered.
    #[serde(default)]
    pub alias: String,
    /// The version that is served.
    pub served: Option<String>,
    /// Newest first.
    pub versions: Vec<Registered>,
}

/// A version.
#[derive(Debug, Clone, Deserialize)]
pub struct Registered {
    /// Its number.
    pub version: String,
    /// Aliases that stand on it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// When it was registered (RFC 3339, UTC).
    pub created: Option<String>,
}

/// The last drift report, as `GET /drift` tells it.
#[derive(Debug, Clone, Deserialize)]
pub struct Report {
    /// The version whose rows were looked at.
    pub version: String,
    /// When it was made (RFC 3339, UTC).
    pub created: String,
    /// What it says.
    #[serde(flatten)]
    pub drift: drift::Report,
}

/// Something that is told, as it was last.
#[derive(Debug, Clone)]
pub struct Told<T> {
    /// What was told, and when.
    pub last: Option<(T, Timestamp)>,
    /// Why it was not told again.
    pub trouble: Option<Trouble>,
}

/// All that is told.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    pub versions: Told<Arc<Versions>>,
    /// None, where there is no report yet.
    pub report: Told<Option<Arc<Report>>>,
    pub traffic: Told<Rates>,
}

impl<T> Default for Told<T> {
    fn default() -> Self {
        Self { last: None, trouble: None }
    }
}

impl<T> Told<T> {
    fn hear(&mut self, answer: Result<T, Trouble>) {
        match answer {
            Ok(told) => (self.last, self.trouble) = (Some((told, Timestamp::now())), None),
            Err(trouble) => self.trouble = Some(trouble),
        }
    }
}

impl Api {
    /// Asks how much it has to do.
    pub async fn look_at_traffic(&self) {
        let answer = if self.is_away() { Err(Trouble::Unreachable) } else { self.traffic().await };
        let rates = answer.map(|sample| {
            // What panicked half-way left a sample more or less.
            let mut meter = self.meter.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            meter.add(now, sample);
            meter.rates(now)
        });
        self.hear(|watched| watched.traffic.hear(rates));
    }

    /// Asks for what changes rarely: the versions, and the drift report.
    pub async fn look_closer(&self) {
        let away = Trouble::Unreachable;
        let (versions, report) =
            if self.is_away() { (Err(away.clone()), Err(away)) } else { tokio::join!(self.versions(), self.report()) };
        let (versions, report) = (versions.map(Arc::new), report.map(|report| report.map(Arc::new)));
        self.hear(|watched| {
            watched.versions.hear(versions);
            watched.report.hear(report);
        });
    }

    fn is_away(&self) -> bool {
        self.seen().condition == Condition::Unreachable
    }

    fn hear(&self, heard: impl FnOnce(&mut Watched)) {
        // Nobody else writes it.
        let mut watched = Watched::clone(&self.watched.load());
        heard(&mut watched);
        self.watched.store(Arc::new(watched));
    }
}
