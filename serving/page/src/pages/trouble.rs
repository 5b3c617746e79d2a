//! What is wrong, in words for people, and what they can do about it.

use askama::Template;
use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{Frame, html};
use crate::{
    Page,
    apis::{Condition, Trouble},
    session::Session,
    words::{Advice, Words},
};

/// A card that says what is wrong.
#[derive(Template)]
#[template(path = "trouble.html")]
pub struct Card {
    pub advice: Advice,
    /// For scripts and tests: which trouble it is.
    pub kind: &'static str,
    /// Try again in so many seconds.
    pub retry: Option<u32>,
    /// For who runs it.
    pub detail: String,
}

#[derive(Template)]
#[template(path = "failure.html")]
struct Failure {
    frame: Frame,
    card: Card,
}

impl Card {
    /// That of a trouble with an API.
    pub fn of(words: &Words, trouble: &Trouble) -> Self {
        let (advice, kind, retry) = match trouble {
            Trouble::Unreachable => (words.trouble_unreachable, "unreachable", Some(5)),
            Trouble::NoModel => (words.trouble_no_model, "no-model", Some(5)),
            Trouble::Foreign => (words.trouble_foreign, "foreign", None),
            Trouble::Busy(seconds) => (words.trouble_busy, "busy", Some((*seconds).clamp(1, 60))),
            Trouble::Key(_) => (words.trouble_key, "key", None),
            Trouble::Wrong(_) => (words.trouble_wrong, "wrong", None),
            Trouble::Unexplained | Trouble::Unexpected(_) => (words.trouble_unexpected, "unexpected", None),
        };
        let detail = match trouble {
            Trouble::Key(status) | Trouble::Unexpected(status) => format!("HTTP {status}"),
            _ => String::new(),
        };
        Self { advice, kind, retry, detail }
    }

    /// A card of something else.
    pub fn new(advice: Advice, kind: &'static str) -> Self {
        Self { advice, kind, retry: None, detail: String::new() }
    }
}

/// What an API that nobody has heard of yet, or that has no model, means to who opens its page.
pub fn of_condition(condition: Condition) -> Option<Trouble> {
    match condition {
        Condition::Unknown | Condition::Unreachable => Some(Trouble::Unreachable),
        Condition::NoModel => Some(Trouble::NoModel),
        Condition::Foreign => Some(Trouble::Foreign),
        Condition::Loaded => None,
    }
}

/// The status of a page with a trouble.
pub fn status(trouble: &Trouble) -> StatusCode {
    match trouble {
        Trouble::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Trouble::NoModel | Trouble::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
        Trouble::Unreachable | Trouble::Foreign | Trouble::Key(_) | Trouble::Unexplained | Trouble::Unexpected(_) => {
            StatusCode::BAD_GATEWAY
        }
    }
}

/// A page for what is not there.
pub fn nothing_here(page: &Page, words: &'static Words, headers: &HeaderMap) -> Response {
    let card = Card::new(words.trouble_nothing_here, "nothing-here");
    failure(page, words, headers, StatusCode::NOT_FOUND, card)
}

/// A page for a form that came from elsewhere, or from long ago.
pub fn not_ours(page: &Page, words: &'static Words, headers: &HeaderMap) -> Response {
    let card = Card::new(words.trouble_form, "form");
    failure(page, words, headers, StatusCode::FORBIDDEN, card)
}

/// A page for anything else.
pub fn failure(page: &Page, words: &'static Words, headers: &HeaderMap, status: StatusCode, card: Card) -> Response {
    let session = Session::of(headers);
    let frame = Frame::new(page, words, None, "", &session);
    html(status, &Failure { frame, card }, session)
}
