//! Why an API did not answer as it should, as far as people can do something about it.

use serde::Deserialize;

/// No answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody there, or not in time.
    Unreachable,
    /// No model is loaded yet.
    NoModel,
    /// What answers is no API of a model.
    Foreign,
    /// It has too much to do; try again in so many seconds.
    Busy(u32),
    /// It refuses our key, with this status.
    Key(u16),
    /// Fields that it refuses.
    Wrong(Vec<WrongField>),
    /// This version cannot be explained.
    Unexplained,
    /// Anything else: its status, which is for who runs it.
    Unexpected(u16),
}

/// A field that an API refuses. Why, it says in words for who writes programs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WrongField {
    /// The row of several, from 0.
    #[serde(default)]
    pub row: usize,
    /// The field; empty where the whole row is meant.
    pub field: String,
}

#[derive(Deserialize, Default)]
struct Refusal {
    #[serde(default)]
    error: String,
    #[serde(default)]
    fields: Vec<WrongField>,
}

impl Trouble {
    /// What a refusal means.
    pub(super) fn of(status: u16, retry_after: Option<u32>, body: &[u8]) -> Self {
        let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
        match status {
            401 | 403 => Self::Key(status),
            409 => Self::Unexplained,
            422 if !refusal.fields.is_empty() => Self::Wrong(refusal.fields),
            503 if refusal.error.contains("no model") => Self::NoModel,
            429 | 503 => Self::Busy(retry_after.unwrap_or(1)),
            // A proxy in between found nobody.
            502 | 504 => Self::Unreachable,
            status => Self::Unexpected(status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_one_of_a_few_troubles() {
        let of = |status, body: &str| Trouble::of(status, Some(7), body.as_bytes());
        assert_eq!(of(503, r#"{"error": "no model is loaded"}"#), Trouble::NoModel);
        assert_eq!(of(503, r#"{"error": "too many requests are being answered"}"#), Trouble::Busy(7));
        assert_eq!(of(503, "<html>"), Trouble::Busy(7));
        assert_eq!(of(403, ""), Trouble::Key(403));
        assert_eq!(of(422, "<html>"), Trouble::Unexpected(422));
        let wrong = WrongField { row: 0, field: "Age".into() };
        let body = r#"{"error": "…", "fields": [{"field": "Age", "problem": "must be a number"}]}"#;
        assert_eq!(of(422, body), Trouble::Wrong(vec![wrong]));
    }
}
