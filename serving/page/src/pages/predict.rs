//! `/{language}/models/{model}`: ask a model, and understand its answer.
//!
//! The page is the form; a link carries the inputs, and a form that is sent is a prediction. What scripts ask for while sliders
//! move is the same answer in parts, and is only tried.

use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use model_file::{DescribedFeature, Description, FeatureType};

use super::{
    Frame, html,
    result::{self, Ask, Parts},
    trouble,
};
use crate::{
    Api, Shared,
    apis::Trouble,
    assets,
    forms::{CURVE, Form, Input, Inputs, TOKEN, TRIED},
    session::{Session, is_ours},
    shown::{title, with_unit},
    words::Words,
};

#[derive(Template)]
#[template(path = "predict.html")]
struct Predict<'a> {
    frame: Frame,
    /// In addresses.
    model: &'a str,
    inputs: Inputs<'a>,
    curve: &'a str,
    parts: Parts,
    page_away: trouble::Card,
}

/// The page of a model that nobody has described yet.
#[derive(Template)]
#[template(path = "waiting.html")]
pub struct Waiting {
    pub frame: Frame,
    pub card: trouble::Card,
}

/// The answer in parts, for scripts.
#[derive(Template)]
#[template(path = "parts.html")]
struct Fragment {
    parts: Parts,
}

/// `GET`: the form, and the answer where the link carries inputs.
pub async fn show(
    State(page): State<Shared>,
    Path((language, model)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    answer(&page, &language, &model, &headers, &Form::read(query.unwrap_or_default().as_bytes()), true).await
}

/// `POST`: a prediction.
pub async fn predict(
    State(page): State<Shared>,
    Path((language, model)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = Form::read(&body);
    if !is_ours(&headers, form.get(TOKEN)) {
        return trouble::not_ours(&page, Words::of(&language).unwrap_or(Words::asked(&headers)), &headers);
    }
    answer(&page, &language, &model, &headers, &form, false).await
}

async fn answer(page: &Shared, language: &str, model: &str, headers: &HeaderMap, form: &Form, tried: bool) -> Response {
    let (Some(words), Some(api)) = (Words::of(language), page.api(model)) else {
        return trouble::nothing_here(page, Words::asked(headers), headers);
    };
    let session = Session::of(headers);
    let below = format!("/models/{model}");
    let mut frame = Frame::new(page, words, Some(model), &below, &session);
    frame.title = title(model);
    let seen = api.seen();
    let Some(described) = &seen.model else {
        let trouble = trouble::of_condition(seen.condition).unwrap_or(Trouble::Unreachable);
        let card = trouble::Card::of(words, &trouble);
        return html(trouble::status(&trouble), &Waiting { frame, card }, session);
    };
    frame.scripts.extend([&*assets::HISTORY, &*assets::PREDICT]);
    let mut inputs = Inputs::of(described, form, words);
    let (status, parts) = if inputs.sent || !tried {
        asked(api, described, words, form, tried, &mut inputs).await
    } else {
        (StatusCode::OK, Parts::default())
    };
    if inputs.sent && inputs.are_fine() {
        frame.below = format!("{below}?{}", inputs.query());
    }
    let page_away = trouble::Card::new(words.trouble_page, "page");
    let curve = form.get(CURVE).unwrap_or_default();
    html(status, &Predict { frame, model, inputs, curve, parts, page_away }, session)
}

/// `POST /result`: the same in parts. Its status says whether there are any; what is wrong is in them.
pub async fn fragment(
    State(page): State<Shared>,
    Path((language, model)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = Form::read(&body);
    let words = Words::of(&language).unwrap_or(Words::asked(&headers));
    let Some(api) = page.api(&model) else { return StatusCode::NOT_FOUND.into_response() };
    if !is_ours(&headers, form.get(TOKEN)) {
        return trouble::not_ours(&page, words, &headers);
    }
    let seen = api.seen();
    let parts = match &seen.model {
        Some(described) => {
            let mut inputs = Inputs::of(described, &form, words);
            asked(api, described, words, &form, form.get(TRIED).is_some(), &mut inputs).await.1
        }
        None => result::troubled(words, &Trouble::Unreachable),
    };
    let Ok(text) = (Fragment { parts }).render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

async fn asked(
    api: &Api,
    model: &Description,
    words: &'static Words,
    form: &Form,
    tried: bool,
    inputs: &mut Inputs<'_>,
) -> (StatusCode, Parts) {
    if !inputs.are_fine() {
        return (StatusCode::UNPROCESSABLE_ENTITY, result::problems(words, inputs));
    }
    let ask = Ask { api, model, words, tried, curve: form.get(CURVE).filter(|feature| !feature.is_empty()) };
    match result::ask(&ask, inputs).await {
        Ok(parts) => (StatusCode::OK, parts),
        Err(Trouble::Wrong(fields)) => {
            // The API knows its model better than we remembered it.
            for input in &mut inputs.list {
                if fields.iter().any(|wrong| wrong.field == input.feature.name) {
                    input.problem = Some(words.refused.to_owned());
                }
            }
            let parts = if inputs.are_fine() {
                result::troubled(words, &Trouble::Unexpected(422))
            } else {
                result::problems(words, inputs)
            };
            (StatusCode::UNPROCESSABLE_ENTITY, parts)
        }
        Err(trouble) => (trouble::status(&trouble), result::troubled(words, &trouble)),
    }
}

impl Predict<'_> {
    fn name(input: &Input) -> String {
        with_unit(input.feature)
    }

    fn usual(&self, input: &Input) -> Option<String> {
        let words = self.frame.words;
        let [low, high] = input.feature.range?;
        Some(format!("{} {} {} {}", words.usually, words.number(low, 6), words.to, words.number(high, 6)))
    }

    /// What the model begins with, for the button that goes back to it.
    fn begins(input: &Input) -> String {
        Input::default(input.feature).text
    }

    fn step(feature: &DescribedFeature) -> f64 {
        feature.step.unwrap_or(1.0)
    }

    fn is_category(feature: &DescribedFeature) -> bool {
        feature.kind == FeatureType::Category
    }

    /// What keyboards of phones should offer.
    fn mode(feature: &DescribedFeature) -> &'static str {
        let whole = feature.kind == FeatureType::Integer && feature.range.is_some_and(|[low, _]| low >= 0.0);
        if whole { "numeric" } else { "decimal" }
    }
}
