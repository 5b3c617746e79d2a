//! The APIs of the models, as the page sees them.

mod answers;
mod client;
mod traffic;
mod trouble;
mod watch;
mod watched;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use arc_swap::ArcSwap;
use model_file::Description;
use reqwest::Client;
use secrecy::SecretString;

use crate::words::{LANGUAGES, Words};

pub use answers::{Answer, Explanation};
pub use trouble::{Trouble, WrongField};
pub use watch::watch;
pub(crate) use {
    traffic::Rates,
    watched::{Registered, Report, Told, Watched},
};

/// The API of a model.
pub struct Api {
    /// The model's short name, as in addresses.
    pub name: String,
    url: String,
    key: Option<SecretString>,
    token: Option<SecretString>,
    client: Client,
    seen: ArcSwap<Seen>,
    meter: Mutex<traffic::Meter>,
    watched: ArcSwap<Watched>,
}

/// What was last seen of an API.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// How it is.
    pub condition: Condition,
    /// What its model is in each language of the page; of an API that is away, what it was.
    models: BTreeMap<&'static str, Arc<Description>>,
}

impl Seen {
    /// A model, in whose words people read it is decided once here and not for each of them.
    fn describes(model: &Description) -> BTreeMap<&'static str, Arc<Description>> {
        LANGUAGES.iter().map(|words| (words.code, Arc::new(model.in_language(words.code)))).collect()
    }

    /// What its model is, in a language.
    pub fn model(&self, words: &Words) -> Option<&Arc<Description>> {
        self.models.get(words.code)
    }

    /// How it is, and with which version.
    fn which(&self) -> (Condition, Option<&str>) {
        (self.condition, self.models.values().next().and_then(|model| model.version.as_deref()))
    }
}

/// How an API is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Condition {
    /// Nobody has asked yet.
    #[default]
    Unknown,
    /// It does not answer.
    Unreachable,
    /// It answers, and has no model.
    NoModel,
    /// Something answers that is no API of a model.
    Foreign,
    /// It can predict.
    Loaded,
}

impl Api {
    /// The API of `name` at `url`, such as `http://diabetes-api:8000`; `key` is what it wants as `X-API-Key`, and `token` what it
    /// wants of who watches it.
    pub fn new(name: &str, url: &str, key: Option<SecretString>, token: Option<SecretString>, client: Client) -> Self {
        let (name, url) = (name.to_owned(), url.trim_end_matches('/').to_owned());
        let (seen, meter, watched) = (ArcSwap::default(), Mutex::default(), ArcSwap::default());
        Self { name, url, key, token, client, seen, meter, watched }
    }

    /// What it last told of how it is doing.
    pub(crate) fn watched(&self) -> Arc<Watched> {
        self.watched.load_full()
    }

    /// What was last seen of it.
    pub(crate) fn seen(&self) -> Arc<Seen> {
        self.seen.load_full()
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Api({} at {})", self.name, self.url)
    }
}
