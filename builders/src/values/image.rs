//! References to container images.

use std::{fmt, str::FromStr};

use super::text::Invalid;
use crate::text_value;

const RULE: &str =
    "write repository:tag or repository@sha256:digest, such as postgres:15 or registry.example/ml/serving:v1";

/// An image by tag or digest, as in `mlstack/serving:v1`.
///
/// A reference that pins nothing (no tag, or `latest`) is refused: what runs must follow from what
/// was reviewed. The grammar is that of the OCI distribution specification.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageRef(String);

impl ImageRef {
    /// A default in a component.
    ///
    /// # Panics
    /// When the text is no reference: the component's own snapshot would show it first.
    pub fn literal(text: &'static str) -> Self {
        text.parse().unwrap_or_else(|error| panic!("a component's default must be right: {error}"))
    }

    /// `repository` at `version`, which must be a valid tag, as version numbers are.
    pub fn tagged(repository: &'static str, version: &impl fmt::Display) -> Self {
        Self(format!("{repository}:{version}"))
    }

    /// The digest, `sha256:…`, if it names one: such an image is the same for ever, whatever its tag says.
    pub fn digest(&self) -> Option<&str> {
        self.0.split_once('@').map(|(_, digest)| digest)
    }

    /// The reference as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ImageRef {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refused = |why: &str| Err(Invalid::new(format!("{text:?} is not an image: {why}"), RULE));
        let (named, digest) = text.split_once('@').map_or((text, None), |(named, digest)| (named, Some(digest)));
        // A colon before the last slash belongs to the registry's port.
        let slash = named.rfind('/').map_or(0, |at| at + 1);
        let (repository, tag) = match named[slash..].rfind(':') {
            Some(colon) => (&named[..slash + colon], Some(&named[slash + colon + 1..])),
            None => (named, None),
        };
        if !is_repository(repository) {
            return refused("its repository must be lower-case letters, digits and `. _ -` between slashes");
        }
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return refused("its tag must be 1 to 128 letters, digits and `. _ -`");
        }
        if digest.is_some_and(|digest| !is_digest(digest)) {
            return refused("its digest must be sha256: and 64 hexadecimal digits");
        }
        match (tag, digest) {
            (None, None) => refused("it names no tag and no digest"),
            (Some("latest"), None) => refused("the tag latest changes under your feet"),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

fn is_repository(text: &str) -> bool {
    let (host, path) = text.split_once('/').unwrap_or(("", text));
    // Only the first part may be a host, with a port and upper-case letters.
    let host_is_host = host.is_empty() || host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_:".contains(c));
    let part = |part: &str| {
        let mut ends = part.chars().next().into_iter().chain(part.chars().next_back());
        !part.is_empty()
            && ends.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
    };
    (host_is_host && !text.starts_with('/')) && path.split('/').all(part)
}

fn is_tag(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && !text.starts_with(['.', '-'])
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)))
}

impl fmt::Display for ImageRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

text_value!(ImageRef, schema: "ImageRef", about: "A container image by tag or digest; latest is refused", example: "mlstack/serving:v1", pattern: "^[^@:]+(:[0-9]+/[^@:]+)?(:[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pins_an_image_is_taken_and_nothing_else() {
        let digest = format!("a/b@sha256:{}", "0".repeat(64));
        for good in [
            "postgres:15",
            "mlstack/serving:v1",
            "localhost:5000/x/y:1",
            "ghcr.io/A/b:1".replace('A', "a").as_str(),
            &digest,
        ] {
            assert!(good.parse::<ImageRef>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "postgres",
            "postgres:latest",
            "Postgres:15",
            "a b:1",
            "/a:1",
            "a/:1",
            "a:",
            "a@sha256:12",
            "a//b:1",
            ":1",
        ] {
            assert!(bad.parse::<ImageRef>().is_err(), "{bad}");
        }
    }
}
