//! What brings callers from outside the cluster to a Service by the name of a host: an Ingress, or a route of a gateway.

use k8s_openapi::{
    api::networking::v1::{
        HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend,
        IngressSpec, IngressTLS, NetworkPolicy, NetworkPolicySpec, ServiceBackendPort,
    },
    apimachinery::pkg::apis::meta::v1::LabelSelector,
};
use serde_json::Value;

use super::{
    Plan,
    foreign::{
        cert_manager::{CLUSTER_ISSUER, Certificate, IssuerRef, PrivateKey},
        gateway::{self, AllowedRoutes, Backend, HttpRoute, Listener, Match, Parent, Rule, Tls},
        object,
    },
    meta::{OPENING, map, meta},
    names, policy, value,
};
use crate::{
    cluster::{self, OwnGateway},
    name,
    peers::Peer,
    values::{AtHost, Exposure, Name},
    workload::Workload,
};

/// The objects of a workload's host.
pub(super) fn objects(plan: &Plan<'_>, workload: &Workload) -> Vec<Value> {
    let cluster = &plan.model.cluster;
    match (&workload.exposure, &cluster.ingress, &cluster.gateway) {
        (Exposure::Ingress(at), Some(ingress), _) => vec![value(&rule(plan, workload, at, ingress))],
        (Exposure::HTTPRoute(at), _, Some(gateway)) => route(plan, workload, at, gateway),
        _ => Vec::new(),
    }
}

/// The Secret that cert-manager fills.
fn secret(workload: &Workload) -> String {
    workload.name.with(&name!("tls")).to_string()
}

fn rule(plan: &Plan<'_>, workload: &Workload, at: &AtHost, ingress: &cluster::Ingress) -> Ingress {
    let (name, namespace) = names(workload);
    let host = at.host.value.to_string();
    let mut metadata = meta(plan, &name, &namespace, &name);
    metadata.annotations = Some(map([(CLUSTER_ISSUER, ingress.issuer.as_str())]));
    let port = workload.ports.first().map(|(port, _)| port.to_string());
    let backend =
        IngressServiceBackend { name: name.to_string(), port: Some(ServiceBackendPort { name: port, number: None }) };
    let path = HTTPIngressPath {
        path: Some("/".into()),
        path_type: "Prefix".into(),
        backend: IngressBackend { service: Some(backend), resource: None },
    };
    Ingress {
        metadata,
        spec: Some(IngressSpec {
            ingress_class_name: Some(ingress.class.to_string()),
            rules: Some(vec![IngressRule {
                host: Some(host.clone()),
                http: Some(HTTPIngressRuleValue { paths: vec![path] }),
            }]),
            tls: Some(vec![IngressTLS { hosts: Some(vec![host]), secret_name: Some(secret(workload)) }]),
            ..IngressSpec::default()
        }),
        ..Ingress::default()
    }
}

fn route(plan: &Plan<'_>, workload: &Workload, at: &AtHost, gateway: &cluster::Gateway) -> Vec<Value> {
    let (name, namespace) = names(workload);
    let metadata = meta(plan, &name, &namespace, &name);
    let (parent, elsewhere, listener) = match gateway {
        cluster::Gateway::Shared(shared) => (&shared.name, Some(shared.namespace.as_str()), None),
        cluster::Gateway::Own(_) => (&plan.model.cluster.stack, None, Some(name.as_str())),
    };
    let (group, kind) = ("gateway.networking.k8s.io", "Gateway");
    let port = workload.ports.first().map_or(0, |(_, port)| *port);
    let route = HttpRoute {
        hostnames: [at.host.value.as_str()],
        parent_refs: [Parent { group, kind, name: parent.as_str(), namespace: elsewhere, section_name: listener }],
        rules: [Rule {
            backend_refs: [Backend { group: "", kind: "Service", name: name.as_str(), port, weight: 1 }],
            matches: [Match::ALL],
        }],
    };
    let mut objects = vec![object(&metadata, &route)];
    if let cluster::Gateway::Own(OwnGateway { issuer, .. }) = gateway {
        let certificate = Certificate {
            dns_names: [at.host.value.as_str()],
            issuer_ref: IssuerRef { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer.as_str() },
            private_key: PrivateKey::EC,
            secret_name: secret(workload),
        };
        objects.push(object(&metadata, &certificate));
    }
    objects
}

/// The stack's own gateway in `namespace`, with a listener for each host that is asked there.
pub(super) fn gateway(plan: &Plan<'_>, namespace: &Name) -> Option<Value> {
    let cluster = &plan.model.cluster;
    let Some(cluster::Gateway::Own(OwnGateway { class, .. })) = &cluster.gateway else { return None };
    let listener = |workload: &'_ Workload| match &workload.exposure {
        Exposure::HTTPRoute(at) if workload.namespace == *namespace => {
            Some((at.host.value.clone(), workload.name.clone(), secret(workload)))
        }
        _ => None,
    };
    let hosts: Vec<_> = plan.model.workloads.iter().filter_map(listener).collect();
    if hosts.is_empty() {
        return None;
    }
    let listeners = hosts.iter().map(|(host, name, secret)| Listener {
        name: name.as_str(),
        hostname: host.as_str(),
        port: 443,
        protocol: "HTTPS",
        tls: Tls::terminated(secret.clone()),
        allowed_routes: AllowedRoutes::SAME,
    });
    let gateway = gateway::Gateway { gateway_class_name: class.as_str(), listeners: listeners.collect() };
    Some(object(&meta(plan, &cluster.stack, namespace, namespace), &gateway))
}

/// The label that cert-manager gives the pods by which it proves that a host is ours (ACME, HTTP-01), and the port they listen
/// on: <https://cert-manager.io/docs/configuration/acme/http01/>.
const SOLVER: (&str, &str, u16) = ("acme.cert-manager.io/http01-solver", "true", 8089);

/// Lets the ingress controller ask cert-manager's solvers in `namespace`, whose doors are closed to them too.
pub(super) fn solvers(plan: &Plan<'_>, namespace: &Name) -> Option<NetworkPolicy> {
    let ingress = plan.model.cluster.ingress.as_ref()?;
    let asked =
        |workload: &Workload| workload.namespace == *namespace && matches!(workload.exposure, Exposure::Ingress(_));
    plan.model.workloads.iter().any(asked).then(|| {
        let (label, value, port) = SOLVER;
        let controller = Peer::namespace(ingress.controller.clone());
        let reason = format!(
            "from {controller}, port {port}: the ingress controller, for proofs of cert-manager that a host is ours"
        );
        let mut metadata = meta(plan, &name!("acme-solver"), namespace, namespace);
        metadata.annotations = Some([(format!("{OPENING}-1"), reason)].into());
        NetworkPolicy {
            metadata,
            spec: Some(NetworkPolicySpec {
                pod_selector: Some(LabelSelector {
                    match_labels: Some(map([(label, value)])),
                    ..LabelSelector::default()
                }),
                policy_types: Some(vec!["Ingress".into(), "Egress".into()]),
                ingress: Some(vec![policy::admits(namespace, &controller, port)]),
                egress: None,
            }),
        }
    })
}
