//! What lives in no namespace stands in files of its own, so that `just clean` can remove it.

use std::fs;

use tests::{
    environments,
    manifests::{objects, text},
    repository,
};

/// Kinds of Kubernetes' own, and of others that stacks use, which are in no namespace.
const CLUSTER_SCOPED: [&str; 12] = [
    "Namespace",
    "PriorityClass",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "StorageClass",
    "PersistentVolume",
    "IngressClass",
    "GatewayClass",
    "RuntimeClass",
    "ClusterSecretStore",
    "ClusterIssuer",
];

#[test]
fn objects_of_no_namespace_stand_in_the_files_that_clean_deletes() {
    let mut found = 0;
    for (_, artifacts) in environments::all() {
        for (file, content) in &artifacts.compiled.files {
            for object in objects([content]) {
                let (kind, name) = (text(&object, &["kind"]), text(&object, &["metadata", "name"]));
                let scoped = CLUSTER_SCOPED.contains(&kind);
                assert_eq!(scoped, text(&object, &["metadata", "namespace"]).is_empty(), "{file}: {kind} {name}");
                assert!(
                    !scoped || file.starts_with("000-"),
                    "{kind} {name} stands in {file}, and clean would leave it"
                );
                // Two stacks in one cluster would take each other's.
                let own = kind == "Namespace" || name.starts_with(artifacts.environment.values.stack.as_str());
                assert!(!scoped || own, "{kind} {name} does not carry the stack's name");
                found += usize::from(scoped);
            }
        }
    }
    assert!(found >= 3, "{found}");
}

#[test]
fn clean_deletes_every_file_of_that_kind() {
    let justfile = fs::read_to_string(repository().join("justfile")).expect("the justfile");
    let recipe = justfile.split("\nclean ENV:\n").nth(1).expect("the recipe clean");
    assert!(recipe.lines().next().is_some_and(|line| line.contains("out/{{ ENV }}/000-*.yaml")), "{recipe}");
    assert!(repository().join("out/local/000-namespace-mlops.yaml").is_file());
}

#[test]
fn what_waits_for_room_is_given_some_by_the_cluster_autoscaler() {
    // Its default of --expendable-pods-priority-cutoff.
    const CUTOFF: i64 = -10;
    for (name, artifacts) in environments::all() {
        for class in
            objects(artifacts.compiled.files.values()).iter().filter(|it| text(it, &["kind"]) == "PriorityClass")
        {
            assert!(
                class.get("value").and_then(serde_yaml::Value::as_i64).is_some_and(|it| it >= CUTOFF),
                "{name}: {class:?}"
            );
        }
    }
}
