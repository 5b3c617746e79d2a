//! The models with their states: the head of every page, the cards of the first one, and what scripts put there anew.

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

/// The models, each with the way to what can be done with it.
#[derive(Template)]
#[template(path = "cards.html")]
struct Cards {
    words: &'static Words,
    models: Vec<Model>,
}

/// A model, and how its API is.
pub struct Model {
    pub name: String,
    /// With the name, where another model has the same.
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
        let mut models: Vec<_> = page.apis.iter().map(model).collect();
        let titles: Vec<_> = models.iter().map(|model| model.title.clone()).collect();
        for model in &mut models {
            if titles.iter().filter(|title| **title == model.title).count() > 1 {
                model.title = format!("{} ({})", model.title, model.name);
            }
        }
        Self { words, models }
    }

    /// The name of the model that the page is of.
    pub fn here(&self) -> &str {
        self.models.iter().find(|model| model.here).map_or("", |model| &model.name)
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

/// `GET /{language}/status`, with `?model=…` for the head of the page of a model, with `?cards=` for the first page.
pub async fn fragment(
    State(page): State<Shared>,
    Path(language): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let words = Words::of(&language).unwrap_or_else(|| Words::asked(&headers));
    let form = Form::read(query.unwrap_or_default().as_bytes());
    let nav = Nav::of(&page, words, form.get("model"));
    if form.get("cards").is_some() {
        return part(StatusCode::OK, &Cards { words, models: nav.models });
    }
    part(StatusCode::OK, &nav)
}
