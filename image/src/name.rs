//! What an image is called.

use std::{fmt, str::FromStr};

use oci_spec::distribution::Reference;

/// A name with a tag, as people write it and as container engines know it.
#[derive(Debug, Clone)]
pub struct Name {
    /// As it was given: `mlstack/serving:v1`.
    given: String,
    /// With everything that engines add: `docker.io/mlstack/serving:v1`.
    pub full: String,
    /// What comes after the colon: `v1`.
    pub tag: String,
}

impl FromStr for Name {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        let reference: Reference = given.parse().map_err(|error| format!("{error}"))?;
        match reference.tag() {
            // Without a tag the parser says `latest`, which is not what somebody deploys by name.
            Some(tag) if given.ends_with(&format!(":{tag}")) => {
                Ok(Self { given: given.to_owned(), full: reference.whole(), tag: tag.to_owned() })
            }
            _ => Err("write a name and a tag, such as mlstack/serving:v1".to_owned()),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.given)
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn a_name_is_known_in_full() {
        for (given, full) in [
            ("mlstack/serving:v1", "docker.io/mlstack/serving:v1"),
            ("serving:v1", "docker.io/library/serving:v1"),
            ("registry.example.com:5000/a/b:1.2", "registry.example.com:5000/a/b:1.2"),
        ] {
            assert_eq!(given.parse::<Name>().expect(given).full, full);
        }
    }

    #[test]
    fn a_name_without_a_tag_is_refused() {
        for given in ["mlstack/serving", "localhost:5000/serving", "serving:", "Serving:v1", ""] {
            assert!(given.parse::<Name>().is_err(), "{given}");
        }
        let digest = format!("serving:v1@sha256:{}", "0".repeat(64));
        assert!(digest.parse::<Name>().is_err(), "{digest}");
    }
}
