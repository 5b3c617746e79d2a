//! Least privilege at the API server: nothing needs it, so nothing may ask it.

use tests::{
    environments,
    manifests::{objects, pod},
    rights::{Exception, granted},
};

/// Who asks the API server, and why: nobody. Prometheus finds pods by DNS; what CloudNativePG's instances may, the operator
/// grants them itself.
const EXCEPTIONS: [Exception; 0] = [];

#[test]
fn nobody_has_rights_at_the_api_server_or_a_token_to_ask_it_with() {
    let mut pods = 0;
    for (name, artifacts) in environments::all() {
        let objects = objects(artifacts.compiled.files.values());
        assert_eq!(granted(&objects, &EXCEPTIONS), [""; 0], "{name}");
        pods += objects.iter().filter(|object| pod(object).is_some()).count();
    }
    assert!(pods >= 40, "{pods}");
}

/// What an exception looks like, and what it may not be.
const ASKS: &str = "\
kind: ServiceAccount
metadata: {name: asks, namespace: team}
automountServiceAccountToken: false
---
kind: Role
metadata: {name: asks, namespace: team}
rules:
- {apiGroups: [\"\"], resources: [pods], verbs: [get, list, watch]}
- {apiGroups: [\"\"], resources: [secrets], resourceNames: [asks], verbs: [get]}
---
kind: RoleBinding
metadata: {name: asks, namespace: team}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: asks}
subjects: [{kind: ServiceAccount, name: asks, namespace: team}]
---
kind: Deployment
metadata: {name: asks, namespace: team}
spec: {template: {spec: {automountServiceAccountToken: true, serviceAccountName: asks, volumes: [{name: tmp, emptyDir: {}}]}}}
";

#[test]
fn an_exception_names_what_it_may_and_binds_itself_alone() {
    let excepted: [Exception; 1] = [("team", "asks", "it lists the pods of its namespace")];
    assert_eq!(granted(&objects([&ASKS.to_owned()]), &excepted), [""; 0]);
    assert_eq!(granted(&objects([&ASKS.to_owned()]), &[]).len(), 3, "a role, its binding and a token, unexplained");
    for (right, wrong) in [
        ("automountServiceAccountToken: false", "automountServiceAccountToken: true"),
        ("verbs: [get, list, watch]", "verbs: [\"*\"]"),
        ("resources: [pods]", "resources: [\"*\"]"),
        ("resourceNames: [asks], ", ""),
        ("kind: Role,", "kind: ClusterRole,"),
        ("kind: Role\n", "kind: ClusterRole\n"),
        ("subjects: [{kind: ServiceAccount, name: asks", "subjects: [{kind: ServiceAccount, name: default"),
        ("subjects: [{kind: ServiceAccount, name: asks", "subjects: [{kind: Group, name: asks"),
        ("serviceAccountName: asks", "serviceAccountName: default"),
        ("{name: tmp, emptyDir: {}}", "{name: t, projected: {sources: [{serviceAccountToken: {path: token}}]}}"),
    ] {
        let broken = ASKS.replacen(right, wrong, 1);
        assert_ne!(broken, ASKS, "{right:?}");
        assert_ne!(granted(&objects([&broken]), &excepted), [""; 0], "{right:?} → {wrong:?}");
    }
}
