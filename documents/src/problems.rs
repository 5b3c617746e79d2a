//! What is wrong with the values of a document, collected while reading goes on.

use std::ops::ControlFlow;

use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, Sequence, Value, ValueKind, ValuePointerRef};

use crate::Path;

/// All mistakes found so far.
#[derive(Debug, Default)]
pub struct Problems(pub(crate) Vec<Problem>);

/// One mistake, by the path of its value.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) path: Path,
    /// Where the mistake is a key and not a value.
    pub(crate) key: Option<String>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl MergeWithError<Self> for Problems {
    fn merge(this: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut all = this.unwrap_or_default();
        all.0.extend(other.0);
        ControlFlow::Continue(all)
    }
}

impl DeserializeError for Problems {
    fn error<V: IntoValue>(
        this: Option<Self>,
        error: ErrorKind<'_, V>,
        at: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let mut all = this.unwrap_or_default();
        all.0.push(problem(error, at));
        ControlFlow::Continue(all)
    }
}

fn problem<V: IntoValue>(error: ErrorKind<'_, V>, at: ValuePointerRef<'_>) -> Problem {
    let (mut key, path) = (None, Path::of(at));
    let (message, hint) = match error {
        ErrorKind::UnknownKey { key: unknown, accepted } => {
            key = Some(unknown.to_owned());
            (format!("unknown key `{unknown}`"), Some(instead(unknown, accepted, "keys")))
        }
        ErrorKind::UnknownValue { value, accepted } => {
            (format!("unknown value `{value}`"), Some(instead(value, accepted, "values")))
        }
        ErrorKind::MissingField { field } => (format!("missing key `{field}`"), Some(format!("add `{field}:` here"))),
        ErrorKind::IncorrectValueKind { actual, accepted } => wrong_kind(at.last_field(), &actual, accepted),
        ErrorKind::BadSequenceLen { actual, expected } => {
            let hint = format!("write {expected} items");
            (format!("expected a list of {expected}, found {}", actual.len()), Some(hint))
        }
        // Values state their own rule, in two parts.
        ErrorKind::Unexpected { msg } => match msg.split_once("\n\nhint: ") {
            Some((message, hint)) => (message.to_owned(), Some(hint.to_owned())),
            // deserr's own words, for numbers that do not fit their type.
            None => (msg, Some("write a number that the key can hold; editors show which".to_owned())),
        },
    };
    Problem { path, key, message, hint }
}

/// The nearest of the accepted words, or all of them, as a hint.
pub fn instead(word: &str, accepted: &[&str], what: &str) -> String {
    let near =
        accepted.iter().map(|known| (strsim::damerau_levenshtein(&word.to_lowercase(), &known.to_lowercase()), known));
    match near.min() {
        None => "remove it".to_owned(),
        Some((distance, known)) if distance <= word.len().max(known.len()) / 3 => format!("did you mean `{known}`?"),
        _ => format!(
            "the {what} here are {}",
            accepted.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ")
        ),
    }
}

fn wrong_kind<V: IntoValue>(
    field: Option<&str>,
    actual: &Value<V>,
    accepted: &[ValueKind],
) -> (String, Option<String>) {
    let mut words: Vec<&str> = accepted.iter().map(|kind| in_words(*kind)).collect();
    words.dedup();
    let (wanted, found) = (words.join(" or "), found(actual));
    let message = match field {
        Some(field) => format!("`{field}` must be {wanted}, found {found}"),
        None => format!("expected {wanted}, found {found}"),
    };
    let scalar = matches!(actual, Value::Integer(_) | Value::NegativeInteger(_) | Value::Float(_) | Value::Boolean(_));
    let hint = match actual {
        _ if scalar && accepted == [ValueKind::String] => Some("put it in quotes".to_owned()),
        Value::String(text) if text.parse::<f64>().is_ok_and(f64::is_finite) => Some("remove the quotes".to_owned()),
        Value::Null if field.is_some() => Some("write a value behind the colon, or remove the key".to_owned()),
        _ => accepted.first().map(|kind| how_to_write(*kind).to_owned()),
    };
    (message, hint)
}

const fn in_words(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Null => "nothing",
        ValueKind::Boolean => "true or false",
        ValueKind::Integer | ValueKind::NegativeInteger => "a whole number",
        ValueKind::Float => "a number",
        ValueKind::String => "text",
        ValueKind::Sequence => "a list",
        ValueKind::Map => "a mapping",
    }
}

const fn how_to_write(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Null => "write nothing behind the colon",
        ValueKind::Boolean => "write true or false, without quotes",
        ValueKind::Integer | ValueKind::NegativeInteger => "write digits, as in 2",
        ValueKind::Float => "write digits, as in 0.5",
        ValueKind::String => "write a word, in quotes if it looks like a number",
        ValueKind::Sequence => "write a line that begins with - for each item",
        ValueKind::Map => "write key: value, on lines of their own, indented",
    }
}

fn found<V: IntoValue>(actual: &Value<V>) -> String {
    match actual {
        Value::Boolean(value) => format!("`{value}`"),
        Value::Integer(value) => format!("the number {value}"),
        Value::NegativeInteger(value) => format!("the number {value}"),
        Value::Float(value) => format!("the number {value}"),
        Value::String(value) => format!("the text {value:?}"),
        other => in_words(other.kind()).to_owned(),
    }
}
