//! Names of hosts, as DNS and TLS certificates know them.

use std::{fmt, str::FromStr};

use super::{Invalid, name::is_label};
use crate::text_value;

const RULE: &str = "write a full name of lower-case labels with dots between them, such as models.example.com";

/// A host by its full name: at least two DNS labels (RFC 1123), at most 253 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(String);

impl Host {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Host {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        // RFC 1123 lets a label begin with a digit, unlike the names of Services.
        let label = |label: &str| is_label(label.trim_start_matches(|c: char| c.is_ascii_digit()).as_bytes());
        let digits = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_digit());
        let labels: Vec<&str> = text.split('.').collect();
        let is_host = labels.len() > 1
            && text.len() <= 253
            && labels.iter().all(|part| part.len() <= 63 && (label(part) || digits(part)))
            // An address is no name.
            && !labels.last().is_some_and(|top| digits(top));
        if is_host {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(format!("{text:?} is not a host name"), RULE))
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

text_value!(Host, schema: "Host", about: "The full name of a host", example: "models.example.com", pattern: r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_are_hosts_and_nothing_else_is() {
        for good in ["a.b", "models.example.com", "3scale.example", "a-1.b-2.example"] {
            assert!(good.parse::<Host>().is_ok(), "{good}");
        }
        for bad in
            ["", "a", "a.", ".a", "a..b", "A.b", "a_b.c", "-a.b", "a-.b", "10.0.0.1", "*.a.b", "https://a.b", "a.b:80"]
        {
            assert!(bad.parse::<Host>().is_err(), "{bad}");
        }
    }
}
