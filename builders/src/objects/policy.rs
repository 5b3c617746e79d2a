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
    meta::{Map, OPENING, label, map, meta, selector},
    names,
};
use crate::{
    model::WorkloadId,
    peers::Peer,
    values::{Exposure, Name},
    workload::{Opening, Workload},
};

pub(super) fn policy(plan: &Plan<'_>, id: WorkloadId) -> NetworkPolicy {
    let workload = &plan.model.workloads[id.0];
    let (name, namespace) = names(workload);
    let exposed = exposure(plan, workload);
    let mut metadata = meta(plan, &name, &namespace, &name);
    metadata.annotations = reasons(&exposed, &workload.openings);
    NetworkPolicy {
        metadata,
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(selector(&name)),
            policy_types: Some(vec!["Ingress".into(), "Egress".into()]),
            ingress: Some(ingress(plan, id, &exposed)).filter(|rules| !rules.is_empty()),
            egress: Some(egress(workload)).filter(|rules| !rules.is_empty()),
        }),
    }
}

/// What an exposure lets in: everybody outside the cluster, on the first port.
fn exposure(plan: &Plan<'_>, workload: &Workload) -> Vec<Opening> {
    let reason = match &workload.exposure {
        Exposure::ClusterIP => return Vec::new(),
        Exposure::NodePort { node_port } => {
            format!("node port {}, for callers outside the cluster", node_port.value.number())
        }
        Exposure::LoadBalancer => "load balancer, for callers outside the cluster".to_owned(),
    };
    let peer = Peer::outside(plan.model.cluster.pod_cidr.as_ref());
    workload.ports.first().map(|(_, port)| Opening { peer, port: *port, reason }).into_iter().collect()
}

/// Peer, port and reason of every opening, for who reads the policy.
fn reasons(into: &[Opening], out: &[Opening]) -> Option<Map> {
    let say =
        |way: &str, opening: &Opening| format!("{way} {}, port {}: {}", opening.peer, opening.port, opening.reason);
    let mut lines: Vec<String> = into.iter().map(|opening| say("from", opening)).collect();
    lines.extend(out.iter().map(|opening| say("to", opening)));
    let annotations: Map =
        lines.into_iter().enumerate().map(|(n, line)| (format!("{OPENING}-{}", n + 1), line)).collect();
    (!annotations.is_empty()).then_some(annotations)
}

fn ingress(plan: &Plan<'_>, id: WorkloadId, exposed: &[Opening]) -> Vec<NetworkPolicyIngressRule> {
    let server = &plan.model.workloads[id.0];
    let mut clients: Vec<(&Name, &Name, u16)> = plan.clients[id.0]
        .iter()
        .flat_map(|client| {
            let client = &plan.model.workloads[client.0];
            let ports = client.edges.iter().filter(move |edge| edge.workload == id).map(|edge| edge.port);
            ports.map(move |port| (&client.namespace, &client.name, port))
        })
        .collect();
    clients.sort_unstable();
    clients.dedup();
    let rule = |peer, port| NetworkPolicyIngressRule { from: Some(vec![peer]), ports: Some(vec![tcp(port)]) };
    let edges = clients.into_iter().map(|(namespace, name, port)| rule(pods(&server.namespace, namespace, name), port));
    edges.chain(exposed.iter().map(|opening| rule(addresses(&opening.peer), opening.port))).collect()
}

fn egress(workload: &Workload) -> Vec<NetworkPolicyEgressRule> {
    let mut servers: Vec<(&Name, &Name, u16)> =
        workload.edges.iter().map(|edge| (&edge.namespace, &edge.service, edge.port)).collect();
    servers.sort_unstable();
    servers.dedup();
    let rule = |peer, ports| NetworkPolicyEgressRule { to: Some(vec![peer]), ports: Some(ports) };
    let mut rules: Vec<NetworkPolicyEgressRule> = servers
        .into_iter()
        .map(|(namespace, name, port)| rule(pods(&workload.namespace, namespace, name), vec![tcp(port)]))
        .collect();
    rules.extend(workload.openings.iter().map(|opening| rule(addresses(&opening.peer), vec![tcp(opening.port)])));
    if !rules.is_empty() {
        rules.push(rule(dns(), vec![port("UDP", 53), tcp(53)]));
    }
    rules
}

/// The pods of a component; the namespace is named where it is another one.
fn pods(own: &Name, namespace: &Name, component: &Name) -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        pod_selector: Some(selector(component)),
        namespace_selector: (own != namespace).then(|| in_namespace(namespace.as_str())),
        ip_block: None,
    }
}

/// The cluster's own name server, by the labels that kubeadm, k3s and the large providers give it.
fn dns() -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        pod_selector: Some(LabelSelector {
            match_labels: Some(map([("k8s-app", "kube-dns")])),
            ..LabelSelector::default()
        }),
        namespace_selector: Some(in_namespace("kube-system")),
        ip_block: None,
    }
}

fn in_namespace(name: &str) -> LabelSelector {
    LabelSelector { match_labels: Some(map([(label::NAMESPACE, name)])), ..LabelSelector::default() }
}

fn addresses(peer: &Peer) -> NetworkPolicyPeer {
    let Peer::Addresses { cidr, except } = peer;
    let except = (!except.is_empty()).then(|| except.clone());
    NetworkPolicyPeer { ip_block: Some(IPBlock { cidr: cidr.clone(), except }), ..NetworkPolicyPeer::default() }
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
