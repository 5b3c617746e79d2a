//! What is said about a store of values outside the cluster: where in it, and how often it is asked.

use std::{fmt, str::FromStr};

use super::Invalid;
use crate::text_value;

/// A path in a store, such as `mlops/production`: words with slashes between them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StorePath(String);

/// A time between two looks, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval(u32);

impl FromStr for StorePath {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if text.split('/').all(|word| !word.is_empty() && word.chars().all(plain)) {
            return Ok(Self(text.to_owned()));
        }
        Err(Invalid::new(
            format!("{text:?} is not a path in a store"),
            "write letters, digits, `-`, `_` and `.`, with `/` between words, as in mlops/production",
        ))
    }
}

impl fmt::Display for StorePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Default for Interval {
    fn default() -> Self {
        Self(3600)
    }
}

impl FromStr for Interval {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        seconds(text).map(Self).ok_or_else(|| {
            let hint = "write hours, minutes and seconds in this order, as in 1h, 90s or 1h30m";
            Invalid::new(format!("{text:?} is not an interval"), hint)
        })
    }
}

/// The part of Go's durations that people write: `1h30m`, each unit at most once, the largest first.
fn seconds(text: &str) -> Option<u32> {
    let (mut rest, mut sum, mut read) = (text, 0_u32, false);
    for (unit, length) in [('h', 3600), ('m', 60), ('s', 1)] {
        if let Some((number, behind)) = rest.split_once(unit) {
            let number = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse::<u32>().ok())??;
            (rest, sum, read) = (behind, sum.checked_add(number.checked_mul(length)?)?, true);
        }
    }
    (read && rest.is_empty()).then_some(sum)
}

impl fmt::Display for Interval {
    /// As Go prints a duration: an operator that writes the object back changes nothing, and whoever
    /// compares the cluster with `out/` sees no difference.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        match (hours, minutes) {
            (0, 0) => write!(out, "{seconds}s"),
            (0, _) => write!(out, "{minutes}m{seconds}s"),
            _ => write!(out, "{hours}h{minutes}m{seconds}s"),
        }
    }
}

text_value!(StorePath, schema: "StorePath", about: "A path in a store of secrets", example: "mlops/production", pattern: r"^[-_.a-zA-Z0-9]+(/[-_.a-zA-Z0-9]+)*$");
text_value!(Interval, schema: "Interval", about: "A time between two looks", example: "1h", pattern: r"^([0-9]+h([0-9]+m)?([0-9]+s)?|[0-9]+m([0-9]+s)?|[0-9]+s)$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_written_as_go_writes_them() {
        for (text, go) in [("1h", "1h0m0s"), ("90s", "1m30s"), ("1h30m", "1h30m0s"), ("0s", "0s"), ("61m1s", "1h1m1s")]
        {
            assert_eq!(text.parse::<Interval>().map(|it| it.to_string()), Ok(go.to_owned()));
        }
        for bad in ["", "1", "h", "-1h", "+1h", "1s1h", "1.5h", "1h ", "9999999999h", "1h1h"] {
            assert!(bad.parse::<Interval>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_path_has_no_empty_words() {
        assert!("mlops/production".parse::<StorePath>().is_ok());
        for bad in ["", "/", "/a", "a/", "a//b", "a b", "{{a}}"] {
            assert!(bad.parse::<StorePath>().is_err(), "{bad}");
        }
    }
}
