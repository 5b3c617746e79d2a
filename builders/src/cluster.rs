//! What the manifests rest on and do not make: the cluster, and what its operators installed in it.

use std::collections::BTreeMap;

use deserr::Deserr;
use schemars::JsonSchema;

use crate::{
    choice,
    peers::Peer,
    values::{AtMost, Between, Cidr, ClassName, ComputeResources, KeyName, Labels, Located, Name, Storage, Store, Url},
};

/// What the builders need to know of the cluster and of the stack as a whole.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// The stack's name: every object carries it as `app.kubernetes.io/part-of`, and objects of the whole cluster
    /// begin with it.
    pub stack: Name,
    /// What the manifests are made from, for their first line.
    pub source: String,
    /// The addresses of pods. Where it is known, an opening to "outside the cluster" excepts them.
    pub pod_cidr: Option<Cidr>,
    /// Who answers for names; the pods of `kube-dns` in `kube-system` if nothing is said.
    pub name_server: Option<NameServer>,
    /// What becomes of the declared Secrets.
    pub secrets: SecretsPlan,
    /// How far pods can be apart.
    pub topology: Topology,
    /// Where claims get their volumes from.
    pub storage_classes: StorageClasses,
    /// Who answers for [`crate::Exposure::Ingress`].
    pub ingress: Option<Ingress>,
    /// Who answers for [`crate::Exposure::HTTPRoute`].
    pub gateway: Option<Gateway>,
    /// The operator's Prometheus, which scrapes metrics and counts requests for autoscalers.
    pub prometheus: Option<Prometheus>,
    /// Whether pods say who goes first when room is short.
    pub priority_classes: bool,
    /// What namespaces may use at most; computed from the stack where nothing is said.
    pub quotas: Vec<Quota>,
}

impl Cluster {
    /// A cluster of which nothing is known but the name of the stack.
    ///
    /// # Panics
    /// When `stack` is no DNS label; for examples and tests.
    pub fn named(stack: &'static str) -> Self {
        Self {
            stack: Name::literal(stack),
            source: stack.to_owned(),
            pod_cidr: None,
            name_server: None,
            secrets: SecretsPlan::Elsewhere,
            topology: Topology::default(),
            storage_classes: StorageClasses::default(),
            ingress: None,
            gateway: None,
            prometheus: None,
            priority_classes: false,
            quotas: Vec::new(),
        }
    }
}

/// What becomes of the declared Secrets in the manifests.
#[derive(Debug, Clone)]
pub enum SecretsPlan {
    /// Nothing: they come to be beside the manifests.
    Elsewhere,
    /// A `SealedSecret` for each, of these ciphertexts; a key that has none is left out.
    Sealed(Ciphertexts),
    /// An `ExternalSecret` for each, from this store.
    ExternalSecrets(Store),
}

/// By namespace, Secret and key, the value as `kubeseal --raw` prints it in its strict scope.
pub type Ciphertexts = BTreeMap<Name, BTreeMap<Name, BTreeMap<KeyName, String>>>;

/// How far pods can be apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserr, JsonSchema, serde::Serialize)]
#[deserr(rename_all = camelCase)]
#[schemars(rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub enum Topology {
    /// On one node: volumes can be shared as they are.
    OneNode,
    /// On several nodes: replicas are spread over them, shared volumes must be `ReadWriteMany`.
    #[default]
    ManyNodes,
    /// On nodes of several zones (`topology.kubernetes.io/zone`): replicas are spread over both.
    ManyZones,
}

/// A name server that pods ask, where it is not `kube-dns` itself: a cache on each node (`169.254.20.10/32`), or that of `OpenShift`.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct NameServer {
    /// Who.
    pub peer: Peer,
    /// The port of its pods.
    #[deserr(default = default_dns_port())]
    #[schemars(default = "default_dns_port")]
    pub port: Between<1, 65_535>,
}

const fn default_dns_port() -> Between<1, 65_535> {
    Between::new(53)
}

/// The `StorageClasses` of claims.
#[derive(Debug, Clone, Default, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct StorageClasses {
    /// Of claims with one writer; the cluster's default if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub single: Option<ClassName>,
    /// Of claims that several pods mount: a class that can do `ReadWriteMany`, such as NFS, EFS, Filestore or `CephFS`. One
    /// node needs none.
    #[deserr(default)]
    #[schemars(default)]
    pub shared: Option<ClassName>,
}

/// An ingress controller, and who makes its certificates.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Ingress {
    /// The `IngressClass`.
    pub class: ClassName,
    /// The namespace of the controller's pods, the only ones that are let in.
    pub controller: Name,
    /// The `ClusterIssuer` of cert-manager that makes a certificate for each host.
    pub issuer: ClassName,
}

/// A gateway of the Gateway API.
#[derive(Debug, Clone, JsonSchema, serde::Serialize)]
#[schemars(tag = "type")]
#[serde(tag = "type")]
pub enum Gateway {
    /// One that somebody else runs for many stacks, certificates included.
    Shared(SharedGateway),
    /// One of the stack's own for each namespace that has routes, with a listener and a certificate for each host.
    Own(OwnGateway),
}

choice!(Gateway { Shared(SharedGateway), Own(OwnGateway) });

/// A gateway for many stacks.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct SharedGateway {
    /// Its name.
    pub name: Name,
    /// Its namespace.
    pub namespace: Name,
    /// The namespace of the proxies' pods, the only ones that are let in.
    pub controller: Name,
}

/// How a gateway is made.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct OwnGateway {
    /// The `GatewayClass`.
    pub class: ClassName,
    /// The namespace of the proxies' pods, the only ones that are let in.
    pub controller: Name,
    /// The `ClusterIssuer` of cert-manager that makes a certificate for each host. It proves hosts by DNS (DNS-01): the gateway
    /// listens on 443 alone.
    pub issuer: ClassName,
}

impl Gateway {
    /// The namespace of the proxies' pods.
    pub const fn controller(&self) -> &Name {
        match self {
            Self::Shared(gateway) => &gateway.controller,
            Self::Own(gateway) => &gateway.controller,
        }
    }
}

/// A Prometheus of the Prometheus operator, which scrapes the stack and is asked by KEDA.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct Prometheus {
    /// Its address inside the cluster, such as `http://prometheus-operated.monitoring.svc:9090`.
    pub address: Url,
    /// The namespace of its pods, which are let in to scrape.
    pub namespace: Name,
    /// Labels by which it finds what to scrape and which rules to follow, such as `release: kube-prometheus-stack`.
    #[deserr(default)]
    #[schemars(default)]
    pub monitor_labels: Labels,
    /// Labels by which the Grafana beside it finds dashboards.
    #[deserr(default = default_dashboard_labels())]
    #[schemars(default = "default_dashboard_labels")]
    pub dashboard_labels: Labels,
    /// Whether it scrapes kube-state-metrics and the kubelets too: then claims, autoscalers and Jobs have alerts.
    #[deserr(default)]
    #[schemars(default)]
    pub cluster_metrics: bool,
}

/// What the Helm chart kube-prometheus-stack has Grafana look for.
fn default_dashboard_labels() -> Labels {
    Labels([("grafana_dashboard".to_owned(), "1".to_owned())].into())
}

/// What a namespace may use at most, if not what the stack in it needs at its largest.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Quota {
    /// The namespace.
    pub namespace: Located<Name>,
    /// Pods, Jobs and the surge of rollouts included.
    pub pods: Located<AtMost<100_000>>,
    /// Sum of the requests.
    pub requests: Located<ComputeResources>,
    /// Sum of the limits.
    pub limits: Located<ComputeResources>,
    /// Sum of the claims' sizes.
    pub storage: Located<Storage>,
}
