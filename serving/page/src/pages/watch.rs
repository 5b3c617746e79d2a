//! `/{language}/models/{model}/watch`: how a model is doing. All of it was asked before: nobody who looks waits for an API.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use jiff::Timestamp;

use super::{Frame, html, part, status::state, text, visit::Visit};
use crate::{
    Api,
    apis::{Condition, Rates, Told, Trouble},
    assets,
    shown::Change,
    words::Words,
};

#[derive(Template)]
#[template(path = "watch.html")]
struct Watch<'a> {
    frame: Frame,
    /// In addresses.
    model: &'a str,
    parts: String,
}

/// What is known, in parts: scripts replace those that changed.
#[derive(Template)]
#[template(path = "watched.html")]
struct Parts {
    words: &'static Words,
    class: &'static str,
    state: String,
    away: bool,
    traffic: Part<Traffic>,
    /// What the version that is served is called.
    chosen: Option<String>,
    versions: Part<Vec<Version>>,
    change: Part<Option<Change>>,
}

/// Something that was told: what, and where it is no news any more, since when and why.
struct Part<T> {
    what: Option<T>,
    trouble: Option<&'static str>,
    told: Option<String>,
}

struct Traffic {
    /// Requests per second; none before it could be measured.
    rate: Option<String>,
    latency: Option<[String; 2]>,
    errors: String,
    failed: bool,
    /// Whether there was a request at all.
    ever: bool,
}

struct Version {
    number: String,
    aliases: Vec<String>,
    served: bool,
    created: Option<String>,
}

impl Parts {
    /// A moment (RFC 3339, UTC) as it is shown where no script can tell the hour of the place.
    fn moment(time: &str) -> String {
        time.get(..16).map_or_else(|| time.to_owned(), |minute| minute.replace('T', " ") + " UTC")
    }
}

/// `GET`: the page.
pub async fn show(visit: Visit) -> Response {
    let (frame, session) = visit.frame("/watch");
    let mut frame = frame.titled(visit.words.watch);
    frame.scripts.push(&*assets::WATCH);
    let parts = text(&parts(&visit.api, visit.words));
    html(StatusCode::OK, &Watch { frame, model: visit.model(), parts }, session)
}

/// `GET /parts`: what is known now, for scripts.
pub async fn fragment(visit: Visit) -> Response {
    part(StatusCode::OK, &parts(&visit.api, visit.words))
}

fn parts(api: &Api, words: &'static Words) -> Parts {
    let (seen, watched) = (api.seen(), api.watched());
    let (class, state) = state(words, &seen);
    let version = |served: &Option<String>, one: &crate::apis::Registered| Version {
        number: one.version.clone(),
        aliases: one.aliases.clone(),
        served: served.as_ref() == Some(&one.version),
        created: one.created.clone(),
    };
    let chosen = watched.versions.last.as_ref().filter(|(versions, _)| !versions.alias.is_empty());
    Parts {
        words,
        class,
        state,
        away: seen.condition == Condition::Unreachable,
        traffic: told(words, &watched.traffic, |rates| traffic(words, rates)),
        chosen: chosen.map(|(versions, _)| words.versions_chosen.replace("{}", &words.quoted(&versions.alias))),
        versions: told(words, &watched.versions, |list| {
            list.versions.iter().map(|one| version(&list.served, one)).collect()
        }),
        change: told(words, &watched.report, |report| {
            report.as_ref().map(|report| Change::of(report, seen.model(words), words))
        }),
    }
}

fn told<T, P>(words: &'static Words, told: &Told<T>, draw: impl Fn(&T) -> P) -> Part<P> {
    let trouble = told.trouble.as_ref().map(|trouble| match trouble {
        Trouble::Key(_) => words.watch_refused,
        // The state says it, above all parts.
        Trouble::Unreachable if told.last.is_some() => "",
        Trouble::Unreachable => words.watch_away,
        _ => words.watch_not_told,
    });
    let told_at = |(_, at): &(T, Timestamp)| at.to_string();
    Part {
        what: told.last.as_ref().map(|(told, _)| draw(told)),
        trouble,
        told: told.last.as_ref().filter(|_| trouble.is_some()).map(told_at),
    }
}

fn traffic(words: &Words, rates: &Rates) -> Traffic {
    let decimals = |value: f64| if value < 10.0 { 1 + usize::from(value < 1.0) } else { 0 };
    let duration = |seconds: f64| {
        let ms = seconds * 1000.0;
        format!("{}\u{a0}ms", words.number(ms, decimals(ms)))
    };
    Traffic {
        rate: rates.per_second.map(|rate| words.number(rate, decimals(rate))),
        latency: rates.median.zip(rates.p95).map(|(median, p95)| [duration(median), duration(p95)]),
        errors: words.count(rates.errors),
        failed: rates.errors > 0,
        ever: rates.ever > 0,
    }
}
