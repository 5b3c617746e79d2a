//! The models with their states: the head of every page, and what scripts put there anew.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::part;
use crate::{
    Page, Shared,
    apis::{Condition, Seen},
    forms::Form,
    shown::title,
    words::Words,
};

/// The models.
#[derive(Template)]
#[template(path = "nav.html")]
pub struct Nav {
    pub words: &'static Words,
    pub models: Vec<Model>,
}

/// A model, and how its API is.
pub struct Model {
    pub name: String,
    pub title: String,
    pub here: bool,
    /// For colours, and for scripts that wait for a model.
    pub class: &'static str,
    pub state: String,
}

impl Nav {
    /// All of them; `here` is the one that the page is of.
    pub fn of(page: &Page, words: &'static Words, here: Option<&str>) -> Self {
        let model = |api: &std::sync::Arc<crate::Api>| {
            let seen = api.seen();
            let (class, state) = state(words, &seen);
            let title = seen.model(words).and_then(|model| model.title.clone()).unwrap_or_else(|| title(&api.name));
            Model { name: api.name.clone(), title, here: here == Some(&api.name), class, state }
        };
        Self { words, models: page.apis.iter().map(model).collect() }
    }
}

/// How an API is: its class, and in words.
pub fn state(words: &Words, seen: &Seen) -> (&'static str, String) {
    let version = seen.model(words).and_then(|model| model.version.as_deref()).unwrap_or_default();
    match seen.condition {
        Condition::Unknown => ("unknown", words.unknown.to_owned()),
        Condition::Unreachable => ("unreachable", words.unreachable.to_owned()),
        Condition::NoModel => ("no-model", words.no_model.to_owned()),
        Condition::Foreign => ("foreign", words.foreign.to_owned()),
        Condition::Loaded => ("loaded", format!("{}, {} {version}", words.loaded, words.version)),
    }
}

/// `GET /{language}/status?model=…`.
pub async fn fragment(
    State(page): State<Shared>,
    Path(language): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let words = Words::of(&language).unwrap_or_else(|| Words::asked(&headers));
    let form = Form::read(query.unwrap_or_default().as_bytes());
    part(StatusCode::OK, &Nav::of(&page, words, form.get("model")))
}
