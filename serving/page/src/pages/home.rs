//! `GET /{language}`: the models.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{Frame, html, trouble};
use crate::{Shared, session::Session, words::Words};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
}

/// A card for each model.
pub async fn show(State(page): State<Shared>, Path(language): Path<String>, headers: HeaderMap) -> Response {
    let Some(words) = Words::of(&language) else {
        return trouble::nothing_here(&page, Words::asked(&headers), &headers);
    };
    let session = Session::of(&headers);
    let frame = Frame::new(&page, words, None, "", &session);
    html(StatusCode::OK, &Home { frame }, session)
}
