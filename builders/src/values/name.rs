//! Names of Kubernetes objects, and of the keys inside Secrets and `ConfigMaps`.

use std::{borrow::Cow, fmt, str::FromStr};

use super::text::Invalid;
use crate::text_value;

const LABEL_RULE: &str = "a name is a DNS label (RFC 1035): 1 to 63 lower-case letters, digits and `-`, beginning with a letter and not ending with `-`";
const KEY_RULE: &str = "a key is 1 to 253 letters, digits, `-`, `_` and `.`";

/// The name of an object: a DNS label (RFC 1035), the narrowest rule any kind has for its name: a
/// Service's must begin with a letter.
///
/// In Rust it is written `name!("mlflow")` and checked while compiling; from YAML it is checked by
/// the same function, and the error carries line and column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Cow<'static, str>);

/// The name of a key in a Secret or a `ConfigMap`, written `key!("PGPASSWORD")`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(Cow<'static, str>);

/// A [`Name`] from a literal; a literal that is no DNS label does not compile.
#[macro_export]
macro_rules! name {
    ($text:literal) => {{
        // An item, unlike a const block, is checked by `cargo check` too.
        const NAME: $crate::Name = $crate::Name::literal($text);
        NAME
    }};
}

/// A [`KeyName`] from a literal; a literal that is no key does not compile.
#[macro_export]
macro_rules! key {
    ($text:literal) => {{
        const KEY: $crate::KeyName = $crate::KeyName::literal($text);
        KEY
    }};
}

impl Name {
    /// The longest name Kubernetes takes, in bytes.
    pub const MAX: usize = 63;

    /// For [`name!`], which evaluates it while compiling.
    ///
    /// # Panics
    /// When the text is no DNS label: in a constant, that is a compile error.
    pub const fn literal(text: &'static str) -> Self {
        assert!(
            is_label(text.as_bytes()),
            "this name is no DNS label (RFC 1035): write 1 to 63 lower-case letters, digits and `-`, beginning with a letter and not ending with `-`, as in \"diabetes-api\""
        );
        Self(Cow::Borrowed(text))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `self` with `-` and `suffix` behind it, as in `diabetes` and `api`: `diabetes-api`.
    ///
    /// Too long a result is cut at the front part, so that the suffix, which tells objects apart,
    /// stays whole; [`crate::Model::finish`] reports two objects that end up with one name.
    #[must_use]
    pub fn with(&self, suffix: &Self) -> Self {
        self.joined(&suffix.0)
    }

    /// `self` with `-` and the first 32 bits of a hash behind it.
    pub(crate) fn with_hash(&self, hash: u32) -> Self {
        self.joined(&format!("{hash:08x}"))
    }

    fn joined(&self, suffix: &str) -> Self {
        let room = Self::MAX.saturating_sub(suffix.len() + 1);
        let front = self.0.get(..room).unwrap_or(&self.0).trim_end_matches('-');
        Self(Cow::Owned(format!("{front}-{suffix}")))
    }

    /// The name of a file, with what it ends in: `churn` and `json` give `churn.json`.
    pub fn to_file(&self, ending: &'static str) -> KeyName {
        KeyName(Cow::Owned(format!("{self}.{ending}")))
    }

    /// The name as part of an environment variable: `diabetes-api` becomes `DIABETES_API`.
    pub fn to_variable(&self) -> String {
        self.0.to_uppercase().replace('-', "_")
    }
}

impl KeyName {
    /// For [`key!`], which evaluates it while compiling.
    ///
    /// # Panics
    /// When the text is no key: in a constant, that is a compile error.
    pub const fn literal(text: &'static str) -> Self {
        assert!(
            is_key(text.as_bytes()),
            "this is no key of a Secret or ConfigMap: write 1 to 253 letters, digits, `-`, `_` and `.`, as in \"POSTGRES_PASSWORD\""
        );
        Self(Cow::Borrowed(text))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// RFC 1035: `[a-z]([-a-z0-9]*[a-z0-9])?`, at most 63 bytes.
pub(super) const fn is_label(text: &[u8]) -> bool {
    if text.is_empty() || text.len() > Name::MAX {
        return false;
    }
    let mut at = 0;
    while at < text.len() {
        let edge = at == 0 || at + 1 == text.len();
        match text[at] {
            b'a'..=b'z' => {}
            b'0'..=b'9' if at > 0 => {}
            b'-' if !edge => {}
            _ => return false,
        }
        at += 1;
    }
    true
}

const fn is_key(text: &[u8]) -> bool {
    // `.` and `..` are refused by Kubernetes: they would be a file's own and its parent's directory.
    if text.is_empty() || text.len() > 253 || matches!(text, b"." | b"..") {
        return false;
    }
    let mut at = 0;
    while at < text.len() {
        if !matches!(text[at], b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.') {
            return false;
        }
        at += 1;
    }
    true
}

impl FromStr for Name {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if is_label(text.as_bytes()) {
            return Ok(Self(Cow::Owned(text.to_owned())));
        }
        Err(Invalid::new(format!("{text:?} is not a name"), LABEL_RULE))
    }
}

impl FromStr for KeyName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if is_key(text.as_bytes()) {
            return Ok(Self(Cow::Owned(text.to_owned())));
        }
        Err(Invalid::new(format!("{text:?} is not a key"), KEY_RULE))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

text_value!(Name, schema: "Name", about: "Name of a Kubernetes object: a DNS label (RFC 1035)", example: "diabetes", pattern: "^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$");
text_value!(KeyName, schema: "KeyName", about: "Key of a Secret or ConfigMap", example: "API_KEY", pattern: "^[-._a-zA-Z0-9]{1,253}$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_the_same_in_rust_and_in_yaml() {
        for good in ["a", "mlflow", "a-b", "x1-2", &"a".repeat(63)] {
            assert!(good.parse::<Name>().is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "0", "1a", "A", "a_b", "a.b", "é", &"a".repeat(64)] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
        for bad in ["", ".", "..", "a b", "a/b", &"k".repeat(254)] {
            assert!(bad.parse::<KeyName>().is_err(), "{bad}");
        }
        assert_eq!(name!("mlflow").as_str(), "mlflow");
    }

    #[test]
    fn a_long_name_keeps_its_suffix() {
        let long: Name = "a".repeat(63).parse().expect("63 letters are a label");
        let joined = long.with(&name!("training"));
        assert_eq!(joined.as_str().len(), 63);
        assert!(joined.as_str().ends_with("-training"));
    }
}
