//! Where an object store keeps things.

use std::{fmt, str::FromStr};

use builders::{Invalid, text_value};

const RULE: &str = "write the store, a bucket and perhaps a prefix, such as s3://bucket/prefix or gs://bucket";

/// A bucket and a prefix in it: `s3://bucket/prefix`, `gs://bucket`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Which language the store speaks.
    pub store: Store,
    name: String,
    prefix: String,
}

/// A language of object stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// Amazon's S3, and everything that speaks like it.
    S3,
    /// Google Cloud Storage.
    Gcs,
}

impl Bucket {
    /// A place below this one.
    #[must_use]
    pub fn below(&self, part: &str) -> Self {
        let prefix = if self.prefix.is_empty() { part.to_owned() } else { format!("{}/{part}", self.prefix) };
        Self { prefix, ..self.clone() }
    }
}

impl FromStr for Bucket {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let refused = |why: &str| Err(Invalid::new(format!("{text:?} {why}"), RULE));
        let (store, rest) = match (text.strip_prefix("s3://"), text.strip_prefix("gs://")) {
            (Some(rest), _) => (Store::S3, rest),
            (_, Some(rest)) => (Store::Gcs, rest),
            _ => return refused("is in no object store that is known"),
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let plain = |c: char, more: &str| c.is_ascii_lowercase() || c.is_ascii_digit() || more.contains(c);
        let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if bucket.is_empty() {
            return refused("names no bucket");
        }
        // The rules that S3 and Google share: 3 to 63 characters (Google's longer names have dots).
        if !(3..=63).contains(&bucket.len())
            || !bucket.chars().all(|c| plain(c, "-._"))
            || !bucket.starts_with(ends)
            || !bucket.ends_with(ends)
        {
            return refused("names a bucket that cannot be: 3 to 63 lower-case letters, digits and `- . _`");
        }
        let prefix = prefix.trim_end_matches('/');
        if !prefix.chars().all(|c| c.is_ascii_uppercase() || plain(c, "-._/"))
            || prefix.split('/').any(|part| matches!(part, "." | ".."))
            || prefix.contains("//")
            || prefix.starts_with('/')
        {
            return refused("has a prefix of other than letters, digits, `- . _` and single slashes");
        }
        Ok(Self { store, name: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.store {
            Store::S3 => "s3",
            Store::Gcs => "gs",
        };
        let slash = if self.prefix.is_empty() { "" } else { "/" };
        write!(out, "{scheme}://{}{slash}{}", self.name, self.prefix)
    }
}

text_value!(Bucket, schema: "Bucket", about: "A bucket of an object store, and a prefix in it", example: "s3://models/production", pattern: r"^(s3|gs)://[a-z0-9][a-z0-9._-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_and_what_is_none() {
        for (text, below) in [("s3://models", "s3://models/x"), ("gs://my_models/a/b/", "gs://my_models/a/b/x")] {
            assert_eq!(text.parse::<Bucket>().map(|bucket| bucket.below("x").to_string()), Ok(below.to_owned()));
        }
        for bad in [
            "",
            "models",
            "s3://",
            "s3:///a",
            "gs://A",
            "s3://ab",
            "https://a.b",
            "s3://models//a",
            "s3://models/../a",
            "s3://models?x",
            "s3://me@models",
        ] {
            assert!(bad.parse::<Bucket>().is_err(), "{bad}");
        }
    }
}
