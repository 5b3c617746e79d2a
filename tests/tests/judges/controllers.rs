//! Kubernetes' own controllers make the pods of every environment of the repository at its largest, and the quotas
//! hold exactly them, beside what operators will make.

use std::{
    collections::BTreeMap,
    thread,
    time::{Duration, Instant},
};

use builders::Quantity;
use serde_yaml::Value;
use tests::{
    environments,
    largest::{largest, quotas},
    manifests::{at, identity, objects, text},
};

use crate::{
    cluster::{Cluster, NAMESPACES, WORKLOADS},
    tools::{folder, stdout},
};

/// How many pods there are.
fn count(cluster: &Cluster, namespace: &str) -> usize {
    stdout(&cluster.kubectl(&["get", "pods", "--namespace", namespace, "--output=name"])).lines().count()
}

/// Waits until there are so many pods, and no more a little later.
fn pods(cluster: &Cluster, namespace: &str, wanted: u64) {
    let wanted = usize::try_from(wanted).expect("a number of pods");
    let end = Instant::now() + Duration::from_mins(1);
    while count(cluster, namespace) != wanted {
        assert!(
            Instant::now() < end,
            "{} pods in {namespace}, not {wanted}:\n{}",
            count(cluster, namespace),
            stdout(&cluster.kubectl(&["get", "events", "--namespace", namespace]))
        );
        thread::sleep(Duration::from_millis(200));
    }
    thread::sleep(Duration::from_secs(2));
    assert_eq!(count(cluster, namespace), wanted, "pods in {namespace}");
}

/// A Deployment at its largest: namespace, name, pods, and how many more a rollout makes.
fn deployments(objects: &[Value]) -> Vec<(&str, &str, u64, u64)> {
    let all = objects.iter().filter(|object| identity(object).0 == "Deployment");
    let largest = |deployment| {
        let (_, namespace, name) = identity(deployment);
        let mut autoscalers = objects
            .iter()
            .filter(|it| identity(it).1 == namespace && text(it, &["spec", "scaleTargetRef", "name"]) == name);
        let most = autoscalers
            .find_map(|it| ["maxReplicas", "maxReplicaCount"].iter().find_map(|key| at(it, &["spec", key]).as_u64()));
        let replicas = most.or_else(|| at(deployment, &["spec", "replicas"]).as_u64()).unwrap_or(1);
        let surge = at(deployment, &["spec", "strategy", "rollingUpdate", "maxSurge"]).as_u64().unwrap_or_default();
        (namespace, name, replicas, surge)
    };
    all.map(largest).collect()
}

/// What a quota says is used, by what.
fn used(cluster: &Cluster, namespace: &str) -> BTreeMap<String, Quantity> {
    let got = cluster.kubectl(&["get", "resourcequotas", "--namespace", namespace, "--output=yaml"]);
    let got: Value = serde_yaml::from_str(&stdout(&got)).expect("YAML");
    let used = at(&got["items"][0], &["status", "used"]).as_mapping().expect("a status").clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    used.iter().map(|(what, amount)| (text(what), text(amount).parse().expect("an amount"))).collect()
}

#[test]
fn the_quotas_hold_every_environment_at_its_largest_and_not_one_pod_more() {
    let cluster = Cluster::start();
    cluster.define_foreign();
    let _controllers = cluster.control(&[NAMESPACES, WORKLOADS]);
    let run = |arguments: &[&str]| assert!(cluster.kubectl(arguments).status.success(), "{arguments:?}");
    let mut exceeded = false;
    for (name, artifacts) in environments::of_repository() {
        let folder = folder(&artifacts.compiled.files);
        let objects = objects(artifacts.compiled.files.values());
        let (made, operated): (Vec<Value>, Vec<Value>) =
            objects.iter().cloned().partition(|it| !["Cluster", "Ingress", "ObjectStore"].contains(&identity(it).0));
        let (all, operated, held) = (largest(&objects), largest(&operated), quotas(&made));
        assert_eq!(cluster.apply(folder.path()), Ok(()), "{name}");
        for (namespace, held) in &held {
            let here = deployments(&objects).into_iter().filter(|(place, ..)| place == namespace).collect::<Vec<_>>();
            let of =
                |kind| made.iter().filter(move |it| (identity(it).0, identity(it).1) == (kind, namespace.as_str()));
            for cron_job in of("CronJob") {
                let (.., name) = identity(cron_job);
                run(&["create", "job", name, &format!("--from=cronjob/{name}"), "--namespace", namespace]);
            }
            let jobs = (of("Job").count() + of("CronJob").count()) as u64;
            for (_, name, replicas, _) in &here {
                let (name, replicas) = (format!("deployment/{name}"), format!("--replicas={replicas}"));
                run(&["scale", &name, &replicas, "--namespace", namespace]);
            }
            let many = jobs + here.iter().map(|(.., replicas, _)| replicas).sum::<u64>();
            pods(&cluster, namespace, many);
            // A rollout of what is replaced pod by pod; without nodes, new pods never get ready, so old ones stay.
            for (_, name, ..) in here.iter().filter(|(.., surge)| *surge > 0) {
                run(&["rollout", "restart", &format!("deployment/{name}"), "--namespace", namespace]);
            }
            let most = many + here.iter().map(|(.., surge)| surge).sum::<u64>();
            pods(&cluster, namespace, most);
            for (what, used) in used(&cluster, namespace) {
                let operators = operated.get(namespace).and_then(|sum| sum.get(&what)).copied();
                let sum = used + operators.unwrap_or(Quantity::ZERO);
                assert_eq!(sum.to_string(), all[namespace][&what].to_string(), "{name}: {what} of {namespace}");
            }
            // One more is refused, and it is the quota that refuses it; where a platform grants no more, and no
            // operator's pods are still to come.
            if *held == all[namespace] && !operated.contains_key(namespace) {
                let (_, name, replicas, _) = here[0];
                let more = format!("--replicas={}", replicas + 1);
                run(&["scale", &format!("deployment/{name}"), &more, "--namespace", namespace]);
                pods(&cluster, namespace, most);
                let events = ["get", "events", "--namespace", namespace, "--output=jsonpath={.items[*].message}"];
                let events = stdout(&cluster.kubectl(&events));
                assert!(events.contains("exceeded quota: stack-at-its-largest"), "{events}");
                exceeded = true;
            }
        }
        cluster.remove(folder.path());
    }
    assert!(exceeded, "some quota is full");
}
