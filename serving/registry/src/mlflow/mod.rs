//! MLflow's tracking server, by the part of its REST interface that 2.17 and 3.17 share.
//!
//! The reference is <https://mlflow.org/docs/latest/rest-api.html>; where the servers differ from it, the servers count:
//! integers may come as texts, empty lists are left out, a missing alias is a bad request, and a version's `source` may name
//! a logged model (`models:/m-…`) or a run, so the place of its files is always asked for.

mod artifacts;
mod client;
mod refusal;
mod register;
mod wire;

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;
use url::Url;

use crate::{Credentials, Error, Version};
use client::Client;
use refusal::{is_database, said_no};
use wire::{Empty, OneRun, OneVersion, Versions};

/// How many versions are asked for at once.
const PAGE: &str = "1000";

/// When two make the same alias, the database refuses the slower one, and takes it the next time.
const ALIAS_TRIES: usize = 3;

#[derive(Clone)]
pub(crate) struct Mlflow(Arc<Client>);

impl Mlflow {
    pub(crate) fn open(url: &Url, credentials: &Credentials) -> Result<Self, Error> {
        Ok(Self(Arc::new(Client::new(url, credentials)?)))
    }

    pub(crate) fn shown(&self) -> &str {
        self.0.shown()
    }

    pub(crate) async fn aliased(&self, model: &str, alias: &str) -> Result<Option<Version>, Error> {
        let asked = [("name", model), ("alias", alias)];
        match self.0.get::<OneVersion>("registered-models/alias", &asked).await {
            Ok(answer) => Ok(Some(answer.model_version.into())),
            Err(error) if said_no(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn versions(&self, model: &str) -> Result<Vec<Version>, Error> {
        let filter = filter(model);
        let (mut found, mut token) = (Vec::new(), String::new());
        loop {
            let mut asked = vec![("filter", filter.as_str()), ("max_results", PAGE)];
            if !token.is_empty() {
                asked.push(("page_token", &token));
            }
            let page: Versions = self.0.get("model-versions/search", &asked).await?;
            // MySQL compares names without regard to case.
            found.extend(page.model_versions.into_iter().filter(|one| one.name == model).map(Version::from));
            match page.next_page_token {
                Some(next) if !next.is_empty() && next != token => token = next,
                _ => return Ok(found),
            }
        }
    }

    pub(crate) async fn newest(&self, model: &str, count: usize) -> Result<Vec<Version>, Error> {
        let (filter, count) = (filter(model), count.to_string());
        let asked = [("filter", filter.as_str()), ("max_results", &count), ("order_by", "version_number DESC")];
        let page: Versions = self.0.get("model-versions/search", &asked).await?;
        Ok(page.model_versions.into_iter().filter(|one| one.name == model).map(Version::from).collect())
    }

    pub(crate) async fn metrics(&self, run: &str) -> Result<BTreeMap<String, f64>, Error> {
        let answer: OneRun = self.0.get("runs/get", &[("run_id", run)]).await?;
        Ok(answer.run.data.metrics.into_iter().map(|metric| (metric.key, metric.value.0)).collect())
    }

    pub(crate) async fn set_alias(&self, model: &str, alias: &str, number: &str) -> Result<(), Error> {
        let body = json!({"name": model, "alias": alias, "version": number});
        let mut tries = 0;
        loop {
            tries += 1;
            match self.0.post::<Empty>("registered-models/alias", &body).await {
                Err(error) if is_database(&error) && tries < ALIAS_TRIES => {}
                Err(error) if said_no(&error) => return Err(Error::no_version(model, number)),
                other => return other.map(drop),
            }
        }
    }
}

/// The language of filters escapes nothing, but has two kinds of quotes.
fn filter(model: &str) -> String {
    let quote = if model.contains('\'') { '"' } else { '\'' };
    format!("name={quote}{model}{quote}")
}

#[cfg(test)]
mod tests;
