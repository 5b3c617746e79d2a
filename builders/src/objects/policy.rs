//! Network policies: one per workload, holding exactly its edges and its openings.

use k8s_openapi::{
    api::networking::v1::{
        IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
        NetworkPolicyPort, NetworkPolicySpec,
    },
    apimachinery::pkg::{apis::meta::v1::LabelSelector, util::intstr::IntOrString},
};

use super::{
    Plan,
    meta::{Map, OPENING, label, map, meta},
    names,
};
use crate::{
    cluster::NameServer,
    model::WorkloadId,
    peers::{Addresses, Peer, Pods},
    values::{Exposure, Name},
    workload::{Opening, Workload},
};

pub(super) fn policy(plan: &Plan<'_>, id: WorkloadId) -> NetworkPolicy {
    let workload = &plan.model.workloads[id.0];
    let (name, namespace) = names(workload);
    let called = callers(plan, workload);
    let mut metadata = meta(plan, &name, &namespace, &name);
    metadata.annotations = reasons(&called, &outgoing(workload));
    NetworkPolicy {
        metadata,
        spec: Some(NetworkPolicySpec {
            pod_selector: peer(&namespace, &workload.pods()).pod_selector,
            policy_types: Some(vec!["Ingress".into(), "Egress".into()]),
            ingress: Some(ingress(plan, id, &called)).filter(|rules| !rules.is_empty()),
            egress: Some(egress(plan, workload)).filter(|rules| !rules.is_empty()),
        }),
    }
}

/// Who is let in by no edge: callers by an exposure, on the first port, and those that are named.
fn callers(plan: &Plan<'_>, workload: &Workload) -> Vec<Opening> {
    let exposed = exposure(plan, workload).zip(workload.ports.first());
    let exposed = exposed.map(|((peer, reason), (_, port))| Opening { peer, port: *port, reason });
    let scraped = scraped(plan, workload);
    exposed.into_iter().chain(scraped).chain(workload.callers.iter().cloned()).collect()
}

/// What Prometheus asks for.
fn scraped(plan: &Plan<'_>, workload: &Workload) -> Option<Opening> {
    let prometheus = plan.model.cluster.prometheus.as_ref()?;
    let ((_, port), metrics) = workload.ports.first().zip(workload.metrics.as_ref())?;
    let peer = Peer::namespace(prometheus.namespace.clone());
    Some(Opening { peer, port: *port, reason: format!("Prometheus, for {}", metrics.path) })
}

/// What an exposure lets in: everybody outside the cluster, or the proxy that they come through.
fn exposure(plan: &Plan<'_>, workload: &Workload) -> Option<(Peer, String)> {
    let cluster = &plan.model.cluster;
    let outside = || Peer::outside(cluster.pod_cidr.as_ref());
    match &workload.exposure {
        Exposure::ClusterIP => None,
        Exposure::NodePort(at) => {
            Some((outside(), format!("node port {}, for callers outside the cluster", at.node_port.value.number())))
        }
        Exposure::LoadBalancer => Some((outside(), "load balancer, for callers outside the cluster".to_owned())),
        Exposure::Ingress(at) => {
            let controller = cluster.ingress.as_ref().map(|ingress| ingress.controller.clone())?;
            Some((Peer::namespace(controller), format!("the ingress controller, for callers of {}", at.host.value)))
        }
        Exposure::HTTPRoute(at) => {
            let controller = cluster.gateway.as_ref().map(|gateway| gateway.controller().clone())?;
            Some((Peer::namespace(controller), format!("the gateway, for callers of {}", at.host.value)))
        }
    }
}

/// Peer, port and reason of every opening, for who reads the policy.
fn reasons(into: &[Opening], out: &[Opening]) -> Option<Map> {
    let say =
        |way: &str, opening: &Opening| format!("{way} {}, port {}: {}", opening.peer, opening.port, opening.reason);
    let mut lines: Vec<String> = into.iter().map(|opening| say("from", opening)).collect();
    lines.extend(out.iter().map(|opening| say("to", opening)));
    // Of one width, since they are sorted as text.
    let width = lines.len().to_string().len();
    let annotations: Map =
        lines.into_iter().enumerate().map(|(n, line)| (format!("{OPENING}-{:0width$}", n + 1), line)).collect();
    (!annotations.is_empty()).then_some(annotations)
}

fn ingress(plan: &Plan<'_>, id: WorkloadId, called: &[Opening]) -> Vec<NetworkPolicyIngressRule> {
    let server = &plan.model.workloads[id.0];
    let mut clients: Vec<(Peer, u16)> = plan.clients[id.0]
        .iter()
        .flat_map(|client| {
            let client = &plan.model.workloads[client.0];
            let ports = client.edges.iter().filter(move |edge| edge.workload == Some(id)).map(|edge| edge.port);
            ports.map(move |port| (client.pods(), port))
        })
        .collect();
    clients.sort_unstable();
    clients.dedup();
    let called = called.iter().map(|opening| (opening.peer.clone(), opening.port));
    clients.into_iter().chain(called).map(|(other, port)| admits(&server.namespace, &other, port)).collect()
}

/// Lets `other` in, as the pods of the namespace `own` see it.
pub(super) fn admits(own: &Name, other: &Peer, port: u16) -> NetworkPolicyIngressRule {
    NetworkPolicyIngressRule { from: Some(vec![peer(own, other)]), ports: Some(vec![tcp(port)]) }
}

/// Ways out that are no edge to a workload of the stack.
fn outgoing(workload: &Workload) -> Vec<Opening> {
    let foreign = workload.edges.iter().filter(|edge| edge.workload.is_none());
    let mut all: Vec<Opening> = foreign
        .map(|edge| Opening { peer: edge.peer.clone(), port: edge.port, reason: format!("the server {}", edge.host) })
        .collect();
    all.extend(workload.openings.iter().cloned());
    all
}

fn egress(plan: &Plan<'_>, workload: &Workload) -> Vec<NetworkPolicyEgressRule> {
    let mut servers: Vec<(&Peer, u16)> =
        workload.edges.iter().filter(|edge| edge.workload.is_some()).map(|edge| (&edge.peer, edge.port)).collect();
    servers.sort_unstable();
    servers.dedup();
    let rule = |peer, ports| NetworkPolicyEgressRule { to: Some(vec![peer]), ports: Some(ports) };
    let own = &workload.namespace;
    let mut rules: Vec<NetworkPolicyEgressRule> =
        servers.into_iter().map(|(server, port)| rule(peer(own, server), vec![tcp(port)])).collect();
    rules.extend(outgoing(workload).iter().map(|opening| rule(peer(own, &opening.peer), vec![tcp(opening.port)])));
    if !rules.is_empty() {
        let (server, number) = name_server(plan, own);
        rules.push(rule(server, vec![port("UDP", number), tcp(number)]));
    }
    rules
}

/// A peer as the pods of the namespace `own` see it: a namespace is named where it is another one.
pub(super) fn peer(own: &Name, peer: &Peer) -> NetworkPolicyPeer {
    match peer {
        Peer::Addresses(Addresses { cidr, except }) => {
            let except: Vec<String> = except.iter().map(ToString::to_string).collect();
            let except = (!except.is_empty()).then_some(except);
            NetworkPolicyPeer {
                ip_block: Some(IPBlock { cidr: cidr.to_string(), except }),
                ..NetworkPolicyPeer::default()
            }
        }
        Peer::Pods(Pods { namespace, labels }) => NetworkPolicyPeer {
            pod_selector: (!labels.0.is_empty())
                .then(|| LabelSelector { match_labels: Some(labels.0.clone()), ..LabelSelector::default() }),
            namespace_selector: (own != namespace || labels.0.is_empty()).then(|| in_namespace(namespace.as_str())),
            ip_block: None,
        },
        // The empty selector of namespaces is all of them.
        Peer::AnyPod => {
            NetworkPolicyPeer { namespace_selector: Some(LabelSelector::default()), ..NetworkPolicyPeer::default() }
        }
    }
}

/// The cluster's name server: as the environment says, or by the labels that kubeadm, k3s and the large providers give it.
fn name_server(plan: &Plan<'_>, own: &Name) -> (NetworkPolicyPeer, u16) {
    if let Some(NameServer { peer: server, port }) = &plan.model.cluster.name_server {
        return (peer(own, server), u16::try_from(port.get()).unwrap_or(u16::MAX));
    }
    let pods = NetworkPolicyPeer {
        pod_selector: Some(LabelSelector {
            match_labels: Some(map([("k8s-app", "kube-dns")])),
            ..LabelSelector::default()
        }),
        namespace_selector: Some(in_namespace("kube-system")),
        ip_block: None,
    };
    (pods, 53)
}

fn in_namespace(name: &str) -> LabelSelector {
    LabelSelector { match_labels: Some(map([(label::NAMESPACE, name)])), ..LabelSelector::default() }
}

fn tcp(number: u16) -> NetworkPolicyPort {
    port("TCP", number)
}

/// A policy sees the pod's port, behind the Service.
fn port(protocol: &str, number: u16) -> NetworkPolicyPort {
    NetworkPolicyPort {
        protocol: Some(protocol.into()),
        port: Some(IntOrString::Int(i32::from(number))),
        end_port: None,
    }
}
