//! Points in time.

use std::{fmt, str::FromStr};

use jiff::Timestamp;

use super::Invalid;
use crate::text_value;

/// A point in time, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(Timestamp);

impl FromStr for Instant {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let hint = "write it with its offset from UTC, such as 2026-11-20T03:00:00Z";
        text.parse().map(Self).map_err(|_| Invalid::new(format!("{text:?} is no point in time"), hint))
    }
}

/// As RFC 3339 has it, in UTC.
impl fmt::Display for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:.0}", self.0)
    }
}

text_value!(Instant, schema: "Instant", about: "A point in time (RFC 3339)", example: "2026-11-20T03:00:00Z", pattern: r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}([Zz]|[+-]\d{2}:\d{2})$");
