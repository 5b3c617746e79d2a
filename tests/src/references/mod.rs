//! Every name in the manifests must be the name of something.

mod foreign;
mod pod;
mod routes;

use std::collections::BTreeSet;

use builders::Inventory;
use serde_yaml::Value;

use crate::manifests::{self, Pods, at, identity, items, map, text};

/// What is expected of an object: whether it holds, and what does not resolve if not.
type Expected = Vec<(bool, String)>;

/// What names something that is not there, or selects nothing; empty when all is well.
pub fn dangling(objects: &[Value], inventory: &Inventory) -> Vec<String> {
    let names = Names::of(objects, inventory);
    let found = objects.iter().flat_map(|object| {
        let (kind, namespace, name) = identity(object);
        let broken = expected(object, &names).into_iter().filter(|(holds, _)| !holds);
        broken.map(move |(_, what)| format!("{kind} {namespace}/{name}: {what}"))
    });
    found.collect()
}

/// What there is to be named.
struct Names<'o> {
    objects: &'o [Value],
    known: BTreeSet<(&'o str, &'o str, &'o str)>,
    pods: Vec<Pods<'o>>,
    /// Namespace, Secret and key.
    secrets: BTreeSet<(String, String, String)>,
}

impl<'o> Names<'o> {
    fn of(objects: &'o [Value], inventory: &Inventory) -> Self {
        let keys = inventory.secrets.iter().flat_map(|((namespace, name), secret)| {
            secret.keys.keys().map(move |key| (namespace.to_string(), name.to_string(), key.to_string()))
        });
        let known = objects.iter().map(identity).collect();
        Self { objects, known, pods: manifests::pods(objects), secrets: keys.collect() }
    }

    /// An object is there.
    fn object(&self, kind: &str, namespace: &str, name: &str) -> (bool, String) {
        (self.known.contains(&(kind, namespace, name)), format!("{kind} {name}"))
    }

    /// An object is there, if it is asked for at all.
    fn optional(&self, kind: &str, namespace: &str, name: &str) -> (bool, String) {
        if name.is_empty() { (true, String::new()) } else { self.object(kind, namespace, name) }
    }

    /// A Secret is declared with this key.
    fn secret(&self, namespace: &str, name: &str, key: &str) -> (bool, String) {
        let wanted = (namespace.to_owned(), name.to_owned(), key.to_owned());
        (self.secrets.contains(&wanted), format!("secret key {name}/{key}"))
    }

    /// The object of this kind and name.
    fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&'o Value> {
        self.objects.iter().find(|object| identity(object) == (kind, namespace, name))
    }

    /// The pods that labels select in a namespace; no labels select none.
    fn selected(&self, labels: &Value, namespace: &str) -> Vec<&Pods<'o>> {
        let within = self.pods.iter().filter(|pods| pods.namespace == namespace && !map(labels, &[]).is_empty());
        within.filter(|pods| pods.fit(labels)).collect()
    }
}

fn expected(object: &Value, names: &Names<'_>) -> Expected {
    let (kind, namespace, _) = identity(object);
    let mut expected = vec![names.optional("Namespace", "", namespace)];
    if let Some(pod) = manifests::pod(object) {
        expected.extend(pod::expected(pod, namespace, names));
    }
    let selects =
        |labels: &Value, place: &str, what: &str| (!names.selected(labels, place).is_empty(), what.to_owned());
    match kind {
        "Service" => {
            let ports: BTreeSet<&str> =
                items(object, &["spec", "ports"]).map(|port| text(port, &["targetPort"])).collect();
            let selector = at(object, &["spec", "selector"]);
            let behind = names.selected(selector, namespace);
            expected.push((!behind.is_empty(), "its selector".into()));
            let specs = behind.iter().filter_map(|pods| pods.spec);
            expected.push((specs.into_iter().all(|pod| ports.is_subset(&pod::ports(pod))), "its target ports".into()));
        }
        "HorizontalPodAutoscaler" | "ScaledObject" => {
            let target = at(object, &["spec", "scaleTargetRef"]);
            expected.push(names.object(text(target, &["kind"]), namespace, text(target, &["name"])));
        }
        "PodDisruptionBudget" => {
            expected.push(selects(at(object, &["spec", "selector", "matchLabels"]), namespace, "its selector"));
        }
        "NetworkPolicy" => {
            let own = at(object, &["spec", "podSelector", "matchLabels"]);
            expected.push((own.is_null() || !names.selected(own, namespace).is_empty(), "its pod selector".into()));
            let ingress = items(object, &["spec", "ingress"]).flat_map(|rule| items(rule, &["from"]));
            let egress = items(object, &["spec", "egress"]).flat_map(|rule| items(rule, &["to"]));
            for peer in ingress.chain(egress) {
                let other = text(peer, &["namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"]);
                let place = if other.is_empty() { namespace } else { other };
                let labels = at(peer, &["podSelector", "matchLabels"]);
                // What is in other people's namespaces is not ours to know.
                if !labels.is_null() && names.object("Namespace", "", place).0 {
                    expected.push(selects(labels, place, &format!("its peer {labels:?}")));
                }
            }
        }
        "Ingress" => expected.extend(routes::of_ingress(object, names)),
        "HTTPRoute" => expected.extend(routes::of_route(object, names)),
        "Gateway" => expected.extend(routes::of_gateway(object, names)),
        _ => {}
    }
    expected.extend(foreign::expected(object, names));
    expected
}
