//! The form of an environment file. Its documentation is what editors show.

use std::{fmt, str::FromStr};

use builders::{
    Cidr, Gateway, Ingress, Invalid, Located, Name, NameServer, Quota, SecretsFrom, StorageClasses, Topology, Url,
    name, text_value,
};
use components::{
    backups, drift, mlflow, model_api, monitoring, object_store, postgres, registry, retraining, serving, training, ui,
};
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
    /// Who answers for names, where it is not `kube-dns` in `kube-system`: a cache on each node, or that of `OpenShift`.
    #[deserr(default)]
    #[schemars(default)]
    pub name_server: Option<NameServer>,
    /// How Secrets come to be.
    pub secrets: SecretsFrom,
    /// The stack's name, which labels its objects and begins the names of those that belong to no namespace.
    #[deserr(default = default_stack())]
    #[schemars(default = "default_stack")]
    pub stack: Name,
    /// How far pods can be apart.
    #[deserr(default)]
    #[schemars(default)]
    pub topology: Topology,
    /// Where claims get their volumes from.
    #[deserr(default)]
    #[schemars(default)]
    pub storage_classes: StorageClasses,
    /// Whether pods say who goes first when room is short, by classes of the stack's own.
    #[deserr(default)]
    #[schemars(default)]
    pub priority_classes: bool,
    /// The ingress controller, for `type: Ingress`.
    #[deserr(default)]
    #[schemars(default)]
    pub ingress: Option<Ingress>,
    /// The gateway, for `type: HTTPRoute`.
    #[deserr(default)]
    #[schemars(default)]
    pub gateway: Option<Gateway>,
    /// Who scrapes metrics, alerts, and shows dashboards: the cluster's own Prometheus, which autoscalers ask for
    /// `requestsPerSecond` too, or one of the stack; nobody if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub prometheus: Option<monitoring::Values>,
    /// The address under which the pages of alerts lie, `ApiDown.md` and so on.
    #[deserr(default = default_runbooks())]
    #[schemars(default = "default_runbooks")]
    pub runbooks: Url,
    /// What namespaces may use at most. Without one, what the stack needs at its largest.
    #[deserr(default)]
    #[schemars(default)]
    pub quotas: Vec<Quota>,
    /// The object store, for artifacts and registries that are kept there.
    #[deserr(default)]
    #[schemars(default)]
    pub object_store: Option<object_store::Values>,
    /// The image of training, APIs and page.
    #[deserr(default)]
    #[schemars(default)]
    pub serving: serving::Values,
    /// The databases; there are none if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub postgres: Option<postgres::Values>,
    /// Backups of the databases; there are none if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub backups: Option<Located<backups::Values>>,
    /// The tracking server; there is none if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub mlflow: Option<Located<mlflow::Values>>,
    /// The models, each named after its file in `models/`.
    #[schemars(length(min = 1))]
    pub models: Located<Vec<ModelInEnvironment>>,
    /// The web page; there is none if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub ui: Option<ui::Values>,
}

/// A model in an environment.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct ModelInEnvironment {
    /// The name of its file in `models/`, without `.yaml`.
    pub name: Located<Name>,
    /// Where it lives, if not in the environment's namespace.
    #[deserr(default)]
    #[schemars(default)]
    pub namespace: Option<Located<Name>>,
    /// Where its versions are.
    #[deserr(default)]
    #[schemars(default)]
    pub registry: Located<registry::Values>,
    /// How it is served.
    #[deserr(default)]
    #[schemars(default)]
    pub api: model_api::Values,
    /// How it is trained.
    #[deserr(default)]
    #[schemars(default)]
    pub training: training::Values,
    /// What is promised of its API; alerts on errors and latency go by it.
    #[deserr(default)]
    #[schemars(default)]
    pub objective: monitoring::Objective,
    /// When it is trained again, where its data are fetched anew each time; never if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub retraining: Option<Located<retraining::Values>>,
    /// When its predictions are compared with what it was trained on; never if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub drift: Option<Located<drift::Values>>,
}

fn default_stack() -> Name {
    name!("mlstack")
}

/// The repository's own pages.
fn default_runbooks() -> Url {
    Url::literal("https://github.com/example/mlstack/blob/main/docs/runbooks")
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
