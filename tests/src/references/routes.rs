//! What brings callers from outside names Services, gateways and certificates.

use serde_yaml::Value;

use super::{Expected, Names};
use crate::manifests::{at, identity, items, map, text};

/// By cert-manager's ingress-shim, which makes the certificates of an Ingress that it is told of.
const ISSUERS: [&str; 2] = ["cert-manager.io/cluster-issuer", "cert-manager.io/issuer"];

pub(super) fn of_ingress(ingress: &Value, names: &Names<'_>) -> Expected {
    let namespace = identity(ingress).1;
    let paths = items(ingress, &["spec", "rules"]).flat_map(|rule| items(rule, &["http", "paths"]));
    let mut expected: Expected = paths
        .map(|path| {
            let service = at(path, &["backend", "service"]);
            serves(names, namespace, text(service, &["name"]), at(service, &["port"]))
        })
        .collect();
    let annotations = map(ingress, &["metadata", "annotations"]);
    for tls in items(ingress, &["spec", "tls"]) {
        let secret = text(tls, &["secretName"]);
        let made = ISSUERS.iter().any(|issuer| annotations.contains_key(*issuer));
        expected.push((made || certified(names, namespace, secret), format!("a certificate in {secret}")));
    }
    expected
}

pub(super) fn of_route(route: &Value, names: &Names<'_>) -> Expected {
    let namespace = identity(route).1;
    let backends = items(route, &["spec", "rules"]).flat_map(|rule| items(rule, &["backendRefs"]));
    let mut expected: Expected = backends
        .map(|backend| {
            let port = serde_yaml::Mapping::from_iter([("number".into(), at(backend, &["port"]).clone())]);
            serves(names, namespace, text(backend, &["name"]), &Value::Mapping(port))
        })
        .collect();
    for parent in items(route, &["spec", "parentRefs"]) {
        let place = parent.get("namespace").and_then(Value::as_str).unwrap_or(namespace);
        // A gateway of somebody else is not ours to know.
        if names.object("Namespace", "", place).0 {
            let (gateway, section) = (text(parent, &["name"]), text(parent, &["sectionName"]));
            let listeners = names.find("Gateway", place, gateway).map(|it| items(it, &["spec", "listeners"]));
            let holds =
                listeners.is_some_and(|mut all| section.is_empty() || all.any(|it| text(it, &["name"]) == section));
            expected.push((holds, format!("Gateway {gateway} with listener {section}")));
        }
    }
    expected
}

pub(super) fn of_gateway(gateway: &Value, names: &Names<'_>) -> Expected {
    let namespace = identity(gateway).1;
    let references =
        items(gateway, &["spec", "listeners"]).flat_map(|listener| items(listener, &["tls", "certificateRefs"]));
    let secrets = references.map(|reference| text(reference, &["name"]));
    secrets.map(|secret| (certified(names, namespace, secret), format!("a certificate in {secret}"))).collect()
}

/// A Service is there and has this port, given as `name` or `number`.
fn serves(names: &Names<'_>, namespace: &str, service: &str, port: &Value) -> (bool, String) {
    let is = |it: &Value| {
        [("name", "name"), ("number", "port")]
            .iter()
            .any(|(asked, has)| !at(port, &[asked]).is_null() && at(port, &[asked]) == at(it, &[has]))
    };
    let found = names.find("Service", namespace, service);
    let holds = found.is_some_and(|service| items(service, &["spec", "ports"]).any(is));
    (holds, format!("Service {service} with port {port:?}"))
}

/// Somebody makes the certificate in a Secret.
fn certified(names: &Names<'_>, namespace: &str, secret: &str) -> bool {
    names.objects.iter().any(|object| {
        let (kind, place, _) = identity(object);
        kind == "Certificate" && place == namespace && text(object, &["spec", "secretName"]) == secret
    })
}
