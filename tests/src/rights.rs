//! Rights at the API server: nothing of the stack has any, and nobody holds a token with which to ask.
//!
//! What does need some stands in a list of exceptions with its reason. It then has a Role in its own namespace that names
//! every resource and verb, bound to its own account alone, and its pods, not its account, say that they mount the token.

use serde_yaml::Value;

use crate::manifests::{at, identity, items, pod, text};

/// A workload that asks the API server, by namespace and name, and why.
pub type Exception = (&'static str, &'static str, &'static str);

/// Everything that grants or holds rights beyond the exceptions, or more than an exception may; empty when all is well.
pub fn granted(objects: &[Value], exceptions: &[Exception]) -> Vec<String> {
    let excepted = |namespace: &str, name: &str| exceptions.iter().any(|(at, of, _)| (*at, *of) == (namespace, name));
    let found = objects.iter().flat_map(|object| {
        let (kind, namespace, name) = identity(object);
        let excepted = excepted(namespace, name);
        let wrong = match kind {
            "ClusterRole" | "ClusterRoleBinding" => vec![(true, "reaches over the whole cluster")],
            "Role" => vec![
                (!excepted, "grants rights that no exception explains"),
                (items(object, &["rules"]).any(is_open), "grants more than it names"),
            ],
            "RoleBinding" => vec![
                (!excepted, "grants rights that no exception explains"),
                (text(object, &["roleRef", "kind"]) != "Role", "binds a role of the whole cluster"),
                (!is_own(object, namespace, name), "binds others than its own account"),
            ],
            "ServiceAccount" => {
                vec![(
                    at(object, &["automountServiceAccountToken"]).as_bool() != Some(false),
                    "hands its token to every pod",
                )]
            }
            _ => pod(object).map_or_else(Vec::new, |pod| of_pod(pod, excepted)),
        };
        wrong.into_iter().filter(|(wrong, _)| *wrong).map(move |(_, what)| format!("{kind} {namespace}/{name} {what}"))
    });
    found.collect()
}

fn of_pod(pod: &Value, excepted: bool) -> Vec<(bool, &'static str)> {
    let token =
        |volume: &Value| items(volume, &["projected", "sources"]).any(|it| !at(it, &["serviceAccountToken"]).is_null());
    vec![
        (at(pod, &["automountServiceAccountToken"]).as_bool() != Some(excepted), "mounts a token without a reason"),
        (items(pod, &["volumes"]).any(token), "mounts a token as a volume"),
        (matches!(text(pod, &["serviceAccountName"]), "" | "default"), "has no account of its own"),
    ]
}

/// A rule for anything of a kind: `*`, or Secrets that are not named.
fn is_open(rule: &Value) -> bool {
    let any = |key: &str, word: &str| items(rule, &[key]).any(|it| it.as_str() == Some(word));
    let star = ["apiGroups", "resources", "verbs"].iter().any(|key| any(key, "*"));
    star || any("resources", "secrets") && items(rule, &["resourceNames"]).next().is_none()
}

fn is_own(binding: &Value, namespace: &str, name: &str) -> bool {
    items(binding, &["subjects"]).all(|subject| {
        let place = text(subject, &["namespace"]);
        text(subject, &["kind"]) == "ServiceAccount" && text(subject, &["name"]) == name && place == namespace
    })
}
