//! Names of objects that belong to the cluster and not to us: classes, issuers, stores.

use std::{fmt, str::FromStr};

use super::Invalid;
use crate::text_value;

const RULE: &str = "write lower-case letters, digits, `-` and `.`, beginning and ending with a letter or digit, such as gp3 or nfs.csi.example.com";

/// The name of an object of somebody else's: a DNS subdomain (RFC 1123), at most 253 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassName(String);

impl ClassName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClassName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_part =
            |part: &str| part.starts_with(ends) && part.ends_with(ends) && part.chars().all(|c| ends(c) || c == '-');
        let is_name = text.len() <= 253 && text.split('.').all(is_part);
        if is_name { Ok(Self(text.to_owned())) } else { Err(Invalid::new(format!("{text:?} is not a name"), RULE)) }
    }
}

impl fmt::Display for ClassName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

text_value!(ClassName, schema: "ClassName", about: "The name of a class, an issuer or a store of the cluster", example: "gp3", pattern: r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subdomains_are_names_and_nothing_else_is() {
        for good in ["gp3", "nfs.csi.example.com", "3par", "a-b.c"] {
            assert!(good.parse::<ClassName>().is_ok(), "{good}");
        }
        for bad in ["", ".", "a.", "A", "a_b", "-a", "a-", "a..b", "a b"] {
            assert!(bad.parse::<ClassName>().is_err(), "{bad}");
        }
    }
}
