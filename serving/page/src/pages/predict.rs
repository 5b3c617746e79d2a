//! `/{language}/models/{model}`: ask a model, and understand its answer.
//!
//! The page is the form; a link carries the inputs, and a form that is sent is a prediction. What scripts ask for while sliders
//! move is the same answer in parts, and is only tried.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{RawQuery, rejection::BytesRejection},
    http::StatusCode,
    response::Response,
};
use bytes::Bytes;
use model_file::{DescribedClass, DescribedFeature, Description, FeatureType};
use serde_json::json;

use super::{
    Frame, html, part,
    result::{self, Ask, Parts},
    trouble,
    visit::Visit,
};
use crate::{
    Api,
    apis::Trouble,
    assets,
    forms::{CURVE, Form, Input, Inputs, TOKEN, TRIED},
    shown::{usual, with_unit},
    words::Words,
};

#[derive(Template)]
#[template(path = "predict.html")]
struct Predict<'a> {
    frame: Frame,
    /// In addresses.
    model: &'a str,
    described: &'a Description,
    inputs: Inputs<'a>,
    curve: &'a str,
    parts: Parts,
    page_away: trouble::Card,
}

/// The answer in parts, for scripts.
#[derive(Template)]
#[template(path = "parts.html")]
struct Fragment {
    parts: Parts,
}

/// How somebody comes to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// By an address, that may carry inputs.
    Link,
    /// By a form of which only a curve is wanted.
    Tried,
    /// By a form that is to be predicted from.
    Pressed,
}

/// `GET`: the form, and the answer where the link carries inputs.
pub async fn show(visit: Visit, RawQuery(query): RawQuery) -> Response {
    answer(&visit, &Form::read(query.unwrap_or_default().as_bytes()), How::Link).await
}

/// `POST`: a prediction; only tried by who wants another curve.
pub async fn predict(visit: Visit, body: Result<Bytes, BytesRejection>) -> Response {
    let form = match body {
        Ok(body) => Form::read(&body),
        Err(refused) => return visit.refused(refused.status()),
    };
    let how = if form.get(TRIED).is_some() { How::Tried } else { How::Pressed };
    if visit.is_ours(form.get(TOKEN)) { answer(&visit, &form, how).await } else { visit.not_ours() }
}

async fn answer(visit: &Visit, form: &Form, how: How) -> Response {
    let (words, seen) = (visit.words, visit.api.seen());
    let (mut frame, session) = visit.frame("");
    let Some(described) = seen.model(visit.words) else { return visit.waiting(&seen, frame, session) };
    frame.scripts.extend([&*assets::HISTORY, &*assets::PREDICT]);
    let mut inputs = match how {
        How::Link => Inputs::of_link(described, form, words),
        How::Tried | How::Pressed => Inputs::of_form(described, form, words),
    };
    let (status, parts) = if inputs.sent || how != How::Link {
        asked(&visit.api, described, words, form, how != How::Pressed, &mut inputs).await
    } else {
        (StatusCode::OK, Parts::default())
    };
    if inputs.sent && inputs.are_fine() {
        frame.below = format!("{}?{}", frame.below, inputs.query());
    }
    let page_away = trouble::Card::new(words.trouble_page, "page");
    let curve = form.get(CURVE).unwrap_or_default();
    html(status, &Predict { frame, model: visit.model(), described, inputs, curve, parts, page_away }, session)
}

/// `POST /result`: the same in parts, for scripts; what is wrong is in them, so there always are some.
pub async fn fragment(visit: Visit, body: Result<Bytes, BytesRejection>) -> Response {
    let (words, seen) = (visit.words, visit.api.seen());
    let form = match body {
        Ok(body) => Form::read(&body),
        Err(refused) => return visit.refused(refused.status()),
    };
    if !visit.is_ours(form.get(TOKEN)) {
        return visit.not_ours();
    }
    let parts = match seen.model(words) {
        Some(described) => {
            let mut inputs = Inputs::of_form(described, &form, words);
            asked(&visit.api, described, words, &form, form.get(TRIED).is_some(), &mut inputs).await.1
        }
        None => result::troubled(words, &Trouble::Unreachable),
    };
    part(StatusCode::OK, &Fragment { parts })
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

    /// What people read for the history's words, which are those of answers: so it can be read in another language than it was
    /// made in, and what is exported stays data.
    fn words(&self) -> String {
        let labels = self.described.classes.iter().map(|class| (&class.label, class.shown()));
        let risks = self.described.risk_levels.iter().map(|level| (&level.label, level.shown()));
        let inputs = self.described.features.iter().map(|feature| (&feature.name, &feature.translated_values));
        json!({
            "label": labels.collect::<BTreeMap<_, _>>(), "risk": risks.collect::<BTreeMap<_, _>>(),
            "inputs": inputs.collect::<BTreeMap<_, _>>(),
        })
        .to_string()
    }

    fn usual(&self, input: &Input) -> Option<String> {
        usual(input.feature, self.frame.words)
    }

    /// What the probability of an answer is of.
    fn probability(&self) -> String {
        let words = self.frame.words;
        let positive = self.described.classes.iter().find(|class| class.positive);
        let of =
            |class: &DescribedClass| format!("{}{}: {}", words.probability, words.gap, words.quoted(class.shown()));
        positive.map_or_else(|| words.probability.to_owned(), of)
    }

    /// What the model begins with, for the button that goes back to it.
    fn begins(&self, input: &Input) -> String {
        Input::default(input.feature).typed(self.frame.words)
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
