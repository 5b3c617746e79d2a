//! What an environment says of its Prometheus.

use builders::{Exposure, ImageRef, Prometheus, Resources, Storage, choice};
use deserr::Deserr;
use schemars::JsonSchema;

use super::{Retention, grafana};

/// Who watches the stack.
#[derive(Debug, Clone, JsonSchema, serde::Serialize)]
#[schemars(tag = "type", rename = "PrometheusValues")]
#[serde(tag = "type")]
pub enum Values {
    /// The cluster's own, run by the Prometheus operator.
    Operator(Prometheus),
    /// A Prometheus and a Grafana of the stack, with the same alerts and dashboards.
    Server(Box<Server>),
}

choice!(Values { Operator(Prometheus), Server(Box<Server>) });

impl Values {
    /// The operator's, which builders know of: it is part of the cluster.
    pub const fn operator(&self) -> Option<&Prometheus> {
        match self {
            Self::Operator(prometheus) => Some(prometheus),
            Self::Server(_) => None,
        }
    }

    /// Whether it scrapes kube-state-metrics and the kubelets; for one of the stack, that would take a token and a role.
    pub fn knows_cluster(&self) -> bool {
        self.operator().is_some_and(|prometheus| prometheus.cluster_metrics)
    }
}

/// Size and visibility of a Prometheus of the stack.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields, default, rename = "PrometheusServer")]
pub struct Server {
    /// Prometheus's image.
    #[deserr(default = Server::default().image)]
    pub image: ImageRef,
    /// Room for what it saw; the oldest goes before it is full.
    #[deserr(default = Server::default().storage)]
    pub storage: Storage,
    /// How long it keeps what it saw, if there is room.
    #[deserr(default)]
    pub retention: Retention,
    /// What it asks for and may use.
    #[deserr(default = Server::default().resources)]
    pub resources: Resources,
    /// Who can open its page. It asks nobody for a password.
    #[deserr(default)]
    pub exposure: Exposure,
    /// What shows the dashboards.
    #[deserr(default)]
    pub grafana: grafana::Values,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            image: ImageRef::literal("prom/prometheus:v3.13.5"),
            storage: Storage::gibibytes(5),
            retention: Retention::default(),
            resources: Resources::new((100, 256), (500, 512)),
            exposure: Exposure::default(),
            grafana: grafana::Values::default(),
        }
    }
}
