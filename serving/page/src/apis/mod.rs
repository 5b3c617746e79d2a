//! The APIs of the models, as the page sees them.

mod answers;
mod client;
mod trouble;
mod watch;

use std::sync::Arc;

use arc_swap::ArcSwap;
use model_file::Description;
use reqwest::Client;
use secrecy::SecretString;

pub use answers::{Answer, Explanation};
pub use trouble::{Trouble, WrongField};
pub use watch::watch;

/// The API of a model.
pub struct Api {
    /// The model's short name, as in addresses.
    pub name: String,
    url: String,
    key: Option<SecretString>,
    client: Client,
    seen: ArcSwap<Seen>,
}

/// What was last seen of an API.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// How it is.
    pub condition: Condition,
    /// What its model is; of an API that is away, what it was.
    pub model: Option<Arc<Description>>,
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
    /// It can predict.
    Loaded,
}

impl Api {
    /// The API of `name` at `url`, such as `http://diabetes-api:8000`; `key` is what it wants as `X-API-Key`.
    pub fn new(name: &str, url: &str, key: Option<SecretString>, client: Client) -> Self {
        let url = url.trim_end_matches('/').to_owned();
        Self { name: name.to_owned(), url, key, client, seen: ArcSwap::default() }
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
