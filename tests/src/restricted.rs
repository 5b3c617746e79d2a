//! The rules of Pod Security `restricted`, by
//! <https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted>, and what this
//! project adds to them.

use serde_yaml::Value;

use crate::manifests::{at, containers, identity, items, pod, text};

/// Every rule that a workload breaks; empty when all is well.
pub fn violations(objects: &[Value]) -> Vec<String> {
    objects
        .iter()
        .filter_map(|object| Some((object, pod(object)?)))
        .flat_map(|(object, pod)| of_pod(object, pod))
        .collect()
}

fn of_pod(object: &Value, pod: &Value) -> Vec<String> {
    let yes = |value: &Value| value.as_bool() == Some(true);
    let no = |value: &Value| value.as_bool() == Some(false);
    let mut rules = vec![
        (yes(at(pod, &["securityContext", "runAsNonRoot"])), "runs as non-root"),
        (at(pod, &["securityContext", "runAsUser"]).as_u64().is_some_and(|user| user > 0), "states a user"),
        (text(pod, &["securityContext", "seccompProfile", "type"]) == "RuntimeDefault", "has a seccomp profile"),
        (no(at(pod, &["automountServiceAccountToken"])), "mounts no token"),
        (
            ["hostNetwork", "hostPID", "hostIPC"].iter().all(|key| at(pod, &[key]).is_null()),
            "stays out of the host's namespaces",
        ),
        (items(pod, &["volumes"]).all(|volume| at(volume, &["hostPath"]).is_null()), "mounts nothing of the host"),
    ];
    for container in containers(pod) {
        let security = at(container, &["securityContext"]);
        let dropped: Vec<&Value> = items(security, &["capabilities", "drop"]).collect();
        rules.extend([
            (no(at(security, &["allowPrivilegeEscalation"])), "cannot escalate"),
            (no(at(security, &["privileged"])), "is not privileged"),
            (yes(at(security, &["readOnlyRootFilesystem"])), "has a read-only root"),
            (dropped.iter().any(|capability| capability.as_str() == Some("ALL")), "drops all capabilities"),
            (at(security, &["capabilities", "add"]).is_null(), "adds no capability"),
            (items(container, &["ports"]).all(|port| at(port, &["hostPort"]).is_null()), "opens no port of the host"),
        ]);
        for (kind, amount) in
            ["requests", "limits"].iter().flat_map(|kind| ["cpu", "memory"].map(|amount| (kind, amount)))
        {
            rules.push((!at(container, &["resources", kind, amount]).is_null(), "states requests and limits"));
        }
    }
    for container in items(pod, &["containers"]) {
        if identity(object).0 == "Deployment" {
            let probes = ["startupProbe", "readinessProbe", "livenessProbe"];
            rules.push((probes.iter().all(|probe| !at(container, &[probe]).is_null()), "has all three probes"));
        }
    }
    let (kind, _, name) = identity(object);
    rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| format!("{kind} {name} breaks: {rule}")).collect()
}
