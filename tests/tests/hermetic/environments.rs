//! What holds for every environment of the repository and of the tests, whatever it consists of.

use std::collections::BTreeSet;

use builders::Quantity;
use stack::Artifacts;
use tests::{
    edges::one_sided,
    environments,
    largest::{largest, quotas},
    manifests::{identity, objects},
    references::dangling,
    restricted::violations,
};

fn for_all(mut judge: impl FnMut(&str, &Artifacts, &[serde_yaml::Value])) {
    for (name, artifacts) in environments::all() {
        judge(&name, &artifacts, &objects(artifacts.compiled.files.values()));
    }
}

#[test]
fn every_environment_is_found() {
    let names: BTreeSet<String> = environments::all().into_iter().map(|(name, _)| name).collect();
    for name in ["local", "full", "minimal"] {
        assert!(names.contains(name), "{name} is not in {names:?}");
    }
}

#[test]
fn every_reference_resolves() {
    for_all(|name, artifacts, objects| {
        assert_eq!(objects.len(), artifacts.compiled.objects, "{name}");
        assert_eq!(dangling(objects, &artifacts.compiled.inventory), [""; 0], "{name}");
    });
}

#[test]
fn every_workload_is_restricted() {
    for_all(|name, _, objects| assert_eq!(violations(objects), [""; 0], "{name}"));
}

#[test]
fn every_edge_has_both_its_ends_whatever_namespaces_they_are_in() {
    for_all(|name, _, objects| assert_eq!(one_sided(objects), [""; 0], "{name}"));
}

#[test]
fn an_object_has_its_name_to_itself() {
    for_all(|name, _, objects| {
        let names: BTreeSet<_> = objects.iter().map(identity).collect();
        assert_eq!(names.len(), objects.len(), "{name}");
    });
}

#[test]
fn every_quota_holds_the_stack_at_its_largest() {
    for_all(|name, artifacts, objects| {
        let (sums, quotas) = (largest(objects), quotas(objects));
        assert!(sums.keys().eq(quotas.keys()), "{name}: {quotas:?}");
        for (namespace, sum) in sums {
            // What a platform grants may be more.
            let granted =
                artifacts.environment.values.quotas.iter().any(|quota| quota.namespace.value.as_str() == namespace);
            for (what, held) in &quotas[&namespace] {
                let asked = sum.get(what).copied().unwrap_or(Quantity::ZERO);
                assert!(
                    *held == asked || (granted && *held > asked),
                    "{name}: {what} of {namespace}: {held}, not {asked}"
                );
            }
        }
    });
}
