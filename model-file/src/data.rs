//! What a model is trained on.

use deserr::Deserr;
use documents::Located;
use schemars::JsonSchema;

/// The data set: a CSV file with a header line, at `url` or in `file`, or made by `sample`.
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
    /// Rows that training makes itself, instead of a file: the same ones every time.
    #[deserr(default)]
    #[schemars(default)]
    pub sample: Option<Located<Sample>>,
    /// The SHA-256 of its bytes in hexadecimal; training refuses other data. Nothing is compared without it.
    #[deserr(default)]
    #[schemars(default, regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: Option<Located<String>>,
    /// The column that holds the class.
    pub target: Located<String>,
}

/// Rows by a seed, as `serving sample` makes them.
#[derive(Debug, Clone, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Sample {
    /// What kind of rows.
    pub generator: Generator,
    /// How many.
    #[schemars(range(min = 10, max = 1_000_000))]
    pub rows: Located<u64>,
    /// Which ones.
    pub seed: u64,
}

/// A kind of rows that can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, JsonSchema)]
#[deserr(rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
pub enum Generator {
    /// Customers of a telecom operator, of whom some leave; the target is `churned`.
    Churn,
}

impl Generator {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::Churn];

    /// As the model file has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Churn => "churn",
        }
    }
}

/// Where a data set is.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// Public, by https.
    Url(&'a str),
    /// Beside the model file.
    File(&'a str),
    /// Nowhere: it is made.
    Sample(&'a Sample),
}

impl Data {
    /// Where the data set is.
    pub fn source(&self) -> Source<'_> {
        match (&self.url, &self.file, &self.sample) {
            (Some(url), ..) => Source::Url(&url.value),
            (None, Some(file), _) => Source::File(&file.value),
            (None, None, Some(sample)) => Source::Sample(&sample.value),
            // The checks of a model file leave no fourth case.
            (None, None, None) => Source::File(""),
        }
    }
}
