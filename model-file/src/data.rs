//! What a model is trained on.

use deserr::Deserr;
use documents::Located;
use schemars::JsonSchema;

/// The data set: a CSV file with a header line, at `url` or in `file`.
#[derive(Debug, Clone, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Data {
    /// Where it is, by https.
    #[deserr(default)]
    #[schemars(default, regex(pattern = "^https://[^/]+/"))]
    pub url: Option<Located<String>>,
    /// A file beside the model file, such as `data/iris.csv`, instead of a URL.
    #[deserr(default)]
    #[schemars(default, regex(pattern = r"^([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$"))]
    pub file: Option<Located<String>>,
    /// The SHA-256 of its bytes in hexadecimal; training refuses other data. Nothing is compared without it.
    #[deserr(default)]
    #[schemars(default, regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: Option<Located<String>>,
    /// The column that holds the class.
    pub target: Located<String>,
}

/// Where a data set is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// Public, by https.
    Url(&'a str),
    /// Beside the model file.
    File(&'a str),
}

impl Data {
    /// Where the data set is.
    pub fn source(&self) -> Source<'_> {
        match (&self.url, &self.file) {
            (Some(url), _) => Source::Url(&url.value),
            (None, Some(file)) => Source::File(&file.value),
            // The checks of a model file leave no third case.
            (None, None) => Source::File(""),
        }
    }
}
