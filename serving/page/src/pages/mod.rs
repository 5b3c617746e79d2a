//! The pages, one file each, and what all of them have around them.

pub mod batch;
pub mod home;
pub mod predict;
mod result;
pub mod status;
mod trouble;
mod visit;
pub mod watch;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    Page, Shared, assets,
    session::Session,
    words::{LANGUAGES, Words},
};

/// What is around a page: its head, the models with their states, the languages.
pub struct Frame {
    pub words: &'static Words,
    pub title: String,
    /// The address below the language, for its links.
    pub below: String,
    pub nav: status::Nav,
    pub token: String,
    pub style: &'static str,
    pub scripts: Vec<&'static assets::Asset>,
    pub languages: [&'static Words; 2],
}

impl Frame {
    fn new(page: &Page, words: &'static Words, model: Option<&str>, below: &str, session: &Session) -> Self {
        let nav = status::Nav::of(page, words, model);
        let title = nav.models.iter().find(|model| model.here).map_or(words.models, |model| &model.title);
        Self {
            words,
            title: title.to_owned(),
            below: below.to_owned(),
            nav,
            token: session.token(),
            style: &assets::STYLE.path,
            scripts: vec![&assets::PAGE],
            languages: LANGUAGES,
        }
    }

    /// The same with a title of its own: which of the model's pages it is.
    fn titled(mut self, page: &str) -> Self {
        self.title = format!("{}{}: {page}", self.title, self.words.gap);
        self
    }
}

/// A page as an answer; the cookie of a new session goes with it.
fn html(status: StatusCode, template: &impl Template, session: Session) -> Response {
    let mut response = part(status, template);
    response.headers_mut().extend(session.cookie().map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

/// A part of a page as an answer, for scripts.
fn part(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A part of a page, within another.
fn text(template: &impl Template) -> String {
    // Writing into memory does not fail.
    template.render().unwrap_or_default()
}

/// `GET /`: to the page in the browser's language.
pub async fn start(headers: HeaderMap) -> Response {
    let mut response = Redirect::temporary(&format!("/{}", Words::asked(&headers).code)).into_response();
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    response
}

/// `GET /health`: the process lives.
pub async fn health() -> &'static str {
    "healthy\n"
}

/// `GET /ready`: requests are welcome. The page is of use without any API: it says which are away.
pub async fn ready(State(page): State<Shared>) -> Response {
    if page.is_draining() { StatusCode::SERVICE_UNAVAILABLE.into_response() } else { "ready\n".into_response() }
}

/// What nobody has an answer for, in the language of its address if that has one.
pub async fn nothing_here(State(page): State<Shared>, address: Uri, headers: HeaderMap) -> Response {
    let language = address.path().split('/').nth(1).and_then(Words::of);
    trouble::nothing_here(&page, language.unwrap_or_else(|| Words::asked(&headers)), &headers)
}
