//! How long a Prometheus of the stack keeps what it saw.

use std::{fmt, str::FromStr};

use builders::{Invalid, text_value};

/// Whole days, weeks or years, as Prometheus writes them: `15d`, `6w`, `1y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    count: u16,
    unit: char,
}

impl Default for Retention {
    fn default() -> Self {
        Self { count: 15, unit: 'd' }
    }
}

impl FromStr for Retention {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let read = || {
            let unit = text.chars().next_back().filter(|unit| "dwy".contains(*unit))?;
            let count: u16 = text.strip_suffix(unit)?.parse().ok().filter(|count| (1..=9999).contains(count))?;
            // A sign or a zero in front is another text for the same.
            Some(Self { count, unit }).filter(|it| it.to_string() == text)
        };
        read().ok_or_else(|| {
            let hint = "write days, weeks or years, at least one, such as 15d, 6w or 1y";
            Invalid::new(format!("{text:?} is not a time to keep metrics for"), hint)
        })
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.count, self.unit)
    }
}

text_value!(Retention, schema: "Retention", about: "How long metrics are kept", example: "15d", pattern: "^[1-9][0-9]{0,3}[dwy]$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_prometheus_does_not_read_is_refused() {
        for good in ["1d", "15d", "6w", "1y", "9999d"] {
            assert_eq!(good.parse::<Retention>().map(|it| it.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "d", "15", "0d", "015d", "+1d", "1.5d", "1d12h", "36h", "15 d", "15D", "10000d", "é"] {
            assert!(bad.parse::<Retention>().is_err(), "{bad}");
        }
    }
}
