//! The form of an environment file. Its documentation is what editors show.

use std::{fmt, str::FromStr};

use builders::{Cidr, Invalid, Located, Name, SecretsFrom, name, text_value};
use components::{mlflow, model_api, postgres, serving, training, ui};
use deserr::Deserr;
use schemars::JsonSchema;

/// What an environment file says.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", title = "mlstack environment")]
pub struct EnvironmentFile {
    /// The oldest minor version of Kubernetes that the manifests must fit.
    pub kubernetes: Kubernetes,
    /// Where everything lives.
    #[deserr(default = Located::nowhere(default_namespace()))]
    #[schemars(default = "default_namespace")]
    pub namespace: Located<Name>,
    /// The addresses of pods. Openings to "outside the cluster" leave them out; see DESIGN.md.
    #[deserr(default)]
    #[schemars(default)]
    pub pod_cidr: Option<Cidr>,
    /// How Secrets come to be.
    pub secrets: SecretsFrom,
    /// The image of training, APIs and page.
    #[deserr(default)]
    #[schemars(default)]
    pub serving: serving::Values,
    /// The database server.
    #[deserr(default)]
    #[schemars(default)]
    pub postgres: postgres::Values,
    /// The tracking server.
    #[deserr(default)]
    #[schemars(default)]
    pub mlflow: mlflow::Values,
    /// The models, each named after its file in `models/`.
    #[schemars(length(min = 1))]
    pub models: Located<Vec<ModelInEnvironment>>,
    /// The web page.
    #[deserr(default)]
    #[schemars(default)]
    pub ui: ui::Values,
}

/// A model in an environment.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct ModelInEnvironment {
    /// The name of its file in `models/`, without `.yaml`.
    pub name: Located<Name>,
    /// How it is served.
    #[deserr(default)]
    #[schemars(default)]
    pub api: model_api::Values,
    /// How it is trained.
    #[deserr(default)]
    #[schemars(default)]
    pub training: training::Values,
}

fn default_namespace() -> Name {
    name!("mlops")
}

/// A minor version of Kubernetes, such as `"1.34"`; in quotes, since YAML reads 1.30 as 1.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kubernetes {
    minor: u32,
}

/// The minors whose API the manifests are written for.
const SUPPORTED: std::ops::RangeInclusive<u32> = 34..=37;

impl FromStr for Kubernetes {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let minor: Option<u32> = text.strip_prefix("1.").and_then(|minor| minor.parse().ok());
        match minor {
            Some(minor) if SUPPORTED.contains(&minor) && text == format!("1.{minor}") => Ok(Self { minor }),
            _ => Err(Invalid::new(
                format!("{text:?} is not a minor version of Kubernetes that mlstack knows"),
                format!("write \"1.{}\" to \"1.{}\"", SUPPORTED.start(), SUPPORTED.end()),
            )),
        }
    }
}

impl fmt::Display for Kubernetes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "1.{}", self.minor)
    }
}

text_value!(Kubernetes, schema: "Kubernetes", about: "A minor version of Kubernetes, in quotes", example: "1.34", pattern: r"^1\.[0-9]+$");
