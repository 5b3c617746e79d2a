//! The answer to what somebody asks of a model: a verdict, what moved it, what would be if; or what is wrong.

use std::time::{Duration, Instant};

use askama::Template;
use model_file::Description;
use serde_json::{Value, json};

use super::{text, trouble};
use crate::{
    apis::{Answer, Api, Trouble},
    forms::{Input, Inputs},
    shown::{Curve, Moved, Question, Verdict, subject},
    words::Words,
};

/// What to ask.
pub struct Ask<'a> {
    pub api: &'a Api,
    pub model: &'a Description,
    pub words: &'static Words,
    /// Only tried: it is not kept.
    pub tried: bool,
    /// The feature of the curve; the strongest one if nothing is said.
    pub curve: Option<&'a str>,
}

/// The three parts of an answer, as HTML.
#[derive(Debug, Default)]
pub struct Parts {
    pub result: String,
    pub why: String,
    pub curve: String,
}

#[derive(Template)]
#[template(path = "result.html")]
struct Card<'a> {
    words: &'static Words,
    verdict: Verdict,
    version: &'a str,
    took: String,
    outside: Vec<&'a Input<'a>>,
    tried: bool,
    query: String,
    /// What the history keeps of it, as JSON.
    entry: String,
}

#[derive(Template)]
#[template(path = "why.html")]
struct Why<'a> {
    words: &'static Words,
    moved: Option<&'a Moved>,
    /// What is said where that is not known.
    not_now: &'static str,
}

#[derive(Template)]
#[template(path = "curve.html")]
struct WhatIf {
    words: &'static Words,
    curve: Curve,
}

#[derive(Template)]
#[template(path = "problems.html")]
struct Problems<'a> {
    words: &'static Words,
    inputs: &'a Inputs<'a>,
}

/// The list of fields to mend.
pub fn problems(words: &'static Words, inputs: &Inputs) -> Parts {
    Parts { result: text(&Problems { words, inputs }), ..Parts::default() }
}

/// The card of a trouble.
pub fn troubled(words: &'static Words, trouble: &Trouble) -> Parts {
    Parts { result: text(&trouble::Card::of(words, trouble)), ..Parts::default() }
}

/// Asks, and draws what is answered. Nothing but the prediction itself is needed for an answer: it may have been kept already.
pub async fn ask(ask: &Ask<'_>, inputs: &Inputs<'_>) -> Result<Parts, Trouble> {
    let Ask { api, model, words, tried, .. } = *ask;
    let row = Value::Object(inputs.row()).to_string();
    let predict = async {
        let start = Instant::now();
        let answers = api.predict(format!("[{row}]"), tried).await;
        (answers, start.elapsed())
    };
    let explain = async { if model.explains { api.explain(row.clone()).await } else { Err(Trouble::Unexplained) } };
    let ((answers, took), explanation) = tokio::join!(predict, explain);
    let answer = answers?.into_iter().next().ok_or(Trouble::Unexpected(200))?;
    // While pods go over to another version, what they say does not belong together.
    let same = |other: &Answer| other.model_version == answer.model_version;
    let not_now = match &explanation {
        Err(Trouble::Unexplained) => words.unexplained,
        _ => words.unexplained_now,
    };
    let explanation = explanation.ok().filter(|explanation| same(&explanation.answer));
    let moved = explanation.and_then(|explanation| Moved::of(model, inputs, &explanation, words));
    let strongest =
        moved.as_ref().and_then(Moved::strongest).or(model.features.first().map(|first| first.name.as_str()));
    let question = ask.curve.or(strongest).and_then(|feature| Question::of(model, inputs, feature));
    let curve = match (question, subject(model, &answer)) {
        (Some(question), Some(class)) => {
            let answers = all(api, &question.rows()).await.filter(|answers| answers.iter().all(same));
            answers.map(|answers| question.curve(class, &answers, words))
        }
        _ => None,
    };
    let verdict = Verdict::of(model, &answer, words);
    let entry = json!({
        "inputs": inputs.row(), "label": verdict.kept[0], "probability": verdict.share,
        "risk": verdict.kept[1], "class": verdict.class, "version": answer.model_version, "query": inputs.query(),
    });
    let card = Card {
        words,
        verdict,
        version: &answer.model_version,
        took: milliseconds(took, words),
        outside: inputs.list.iter().filter(|input| input.outside).collect(),
        tried,
        query: inputs.query(),
        entry: entry.to_string(),
    };
    let curve = curve.map(|curve| text(&WhatIf { words, curve })).unwrap_or_default();
    Ok(Parts { result: text(&card), why: text(&Why { words, moved: moved.as_ref(), not_now }), curve })
}

/// The answers to rows that are only tried; in fewer at a time where they are too many for the API.
async fn all(api: &Api, rows: &[Value]) -> Option<Vec<Answer>> {
    let (mut answers, mut most) = (Vec::new(), rows.len());
    while let Some(some) = rows.get(answers.len()..).filter(|rest| !rest.is_empty()) {
        let some = &some[..most.min(some.len())];
        match api.predict(json!(some).to_string(), true).await {
            Ok(more) if more.len() == some.len() => answers.extend(more),
            Err(Trouble::Unexpected(413)) if most > 1 => most = most.div_ceil(2),
            _ => return None,
        }
    }
    Some(answers)
}

fn milliseconds(took: Duration, words: &Words) -> String {
    format!("{}\u{a0}ms", words.number(took.as_secs_f64() * 1000.0, 1))
}
