//! What every request about a model begins with: a language, a model and somebody's session.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{FromRequestParts, Path},
    http::{HeaderMap, StatusCode, request::Parts},
    response::Response,
};

use super::{Frame, html, trouble};
use crate::{
    Api, Shared,
    apis::{Seen, Trouble},
    session::{Session, is_ours},
    words::Words,
};

/// Somebody asks about a model.
pub struct Visit {
    pub page: Shared,
    pub words: &'static Words,
    pub api: Arc<Api>,
    headers: HeaderMap,
}

/// The page of a model that nobody has described yet.
#[derive(Template)]
#[template(path = "waiting.html")]
struct Waiting {
    frame: Frame,
    card: trouble::Card,
}

impl FromRequestParts<Shared> for Visit {
    /// The page for what is not there: another language, or another model.
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, page: &Shared) -> Result<Self, Response> {
        let headers = parts.headers.clone();
        let asked = Path::<(String, String)>::from_request_parts(parts, page).await;
        let (language, model) = asked.map_or_else(|_| Default::default(), |Path(asked)| asked);
        match (Words::of(&language), page.api(&model)) {
            (Some(words), Some(api)) => Ok(Self { page: page.clone(), words, api: api.clone(), headers }),
            (words, _) => Err(trouble::nothing_here(page, words.unwrap_or_else(|| Words::asked(&headers)), &headers)),
        }
    }
}

impl Visit {
    /// The model's name, in addresses.
    pub fn model(&self) -> &str {
        &self.api.name
    }

    /// A header of the request, as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What is around the page of the model that lies `below` it.
    pub fn frame(&self, below: &str) -> (Frame, Session) {
        let session = Session::of(&self.headers);
        let below = format!("/models/{}{below}", self.model());
        (Frame::new(&self.page, self.words, Some(self.model()), &below, &session), session)
    }

    /// The answer to who looks before the API has said what its model is.
    pub fn waiting(&self, seen: &Seen, frame: Frame, session: Session) -> Response {
        let trouble = trouble::of_condition(seen.condition).unwrap_or(Trouble::Unreachable);
        let card = trouble::Card::of(self.words, &trouble);
        html(trouble::status(&trouble), &Waiting { frame, card }, session)
    }

    /// Whether a form with this token came from a page of ours.
    pub fn is_ours(&self, token: Option<&str>) -> bool {
        is_ours(&self.headers, token)
    }

    /// The page for a form that did not.
    pub fn not_ours(&self) -> Response {
        trouble::not_ours(&self.page, self.words, &self.headers)
    }

    /// The page for a form that cannot be read, such as one that is too large.
    pub fn refused(&self, status: StatusCode) -> Response {
        let card = trouble::Card::of(self.words, &Trouble::Unexpected(status.as_u16()));
        trouble::failure(&self.page, self.words, &self.headers, status, card)
    }
}
