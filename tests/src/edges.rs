//! Connections between pods need two policies: one lets the client out, the other lets it in.

use std::collections::BTreeSet;

use serde_yaml::Value;

use crate::manifests::{Pods, at, identity, items, pods, text};

/// `namespace/client → namespace/server:port`.
type Edges = BTreeSet<String>;

/// What only one of two policies opens between pods of the manifests, in whatever namespaces they are; and policies
/// that let a pod out but not to the name server. Empty when all is well.
///
/// A whole namespace or any pod as the peer is an opening to callers that are not known, not an edge: it asks for no other side.
pub fn one_sided(objects: &[Value]) -> Vec<String> {
    let pods = pods(objects);
    let policies = || objects.iter().filter(|object| identity(object).0 == "NetworkPolicy");
    let (mut out, mut into, mut open) = (Edges::new(), Edges::new(), Edges::new());
    for policy in policies() {
        for (own, other, port) in edges(policy, &pods, "egress", "to", true) {
            out.insert(edge(own, other, port));
        }
        for (own, other, port) in edges(policy, &pods, "ingress", "from", true) {
            into.insert(edge(other, own, port));
        }
        for (own, other, port) in edges(policy, &pods, "ingress", "from", false) {
            open.insert(edge(other, own, port));
        }
    }
    let shut = out.iter().filter(|edge| !into.contains(*edge) && !open.contains(*edge));
    let idle = into.difference(&out);
    let nameless = policies().filter(|policy| {
        let mut rules = items(policy, &["spec", "egress"]).peekable();
        rules.peek().is_some() && !rules.any(|rule| ports(rule).any(|port| port == 53))
    });
    let shut = shut.map(|edge| format!("{edge} is let out, not in"));
    let idle = idle.map(|edge| format!("{edge} is let in, not out"));
    let nameless = nameless.map(|policy| format!("{} cannot ask for names", text(policy, &["metadata", "name"])));
    shut.chain(idle).chain(nameless).collect()
}

fn edge(client: &Pods<'_>, server: &Pods<'_>, port: u64) -> String {
    format!("{}/{} → {}/{}:{port}", client.namespace, client.name, server.namespace, server.name)
}

/// Own pods, other pods and port of every rule of a policy that names its peers by labels (or does not).
fn edges<'p, 'o>(
    policy: &Value,
    pods: &'p [Pods<'o>],
    way: &str,
    peers: &str,
    labelled: bool,
) -> Vec<(&'p Pods<'o>, &'p Pods<'o>, u64)> {
    let namespace = identity(policy).1;
    let own = || {
        pods.iter()
            .filter(|pods| pods.namespace == namespace && pods.fit(at(policy, &["spec", "podSelector", "matchLabels"])))
    };
    let mut edges = Vec::new();
    for rule in items(policy, &["spec", way]) {
        for peer in items(rule, &[peers]).filter(|peer| at(peer, &["ipBlock"]).is_null()) {
            let labels = at(peer, &["podSelector", "matchLabels"]);
            if labels.is_null() == labelled {
                continue;
            }
            for other in pods.iter().filter(|pods| within(peer, pods.namespace, namespace) && pods.fit(labels)) {
                edges.extend(own().flat_map(|own| ports(rule).map(move |port| (own, other, port))));
            }
        }
    }
    edges
}

/// Whether a peer's pods may be in a namespace, seen from the namespace of its policy.
fn within(peer: &Value, namespace: &str, own: &str) -> bool {
    match peer.get("namespaceSelector") {
        None => namespace == own,
        Some(selector) => match text(selector, &["matchLabels", "kubernetes.io/metadata.name"]) {
            "" => true,
            named => named == namespace,
        },
    }
}

fn ports(rule: &Value) -> impl Iterator<Item = u64> {
    items(rule, &["ports"]).filter_map(|port| at(port, &["port"]).as_u64())
}
