//! Kubernetes' own controllers make the pods of `out/local` at its largest, and the quota holds exactly them.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tests::repository;

use crate::{
    cluster::{Cluster, NAMESPACES, WORKLOADS},
    tools::stdout,
};

fn get(cluster: &Cluster, what: &str) -> Value {
    let done = cluster.kubectl(&["get", what, "--namespace=mlops", "--output=json"]);
    serde_json::from_str(&stdout(&done)).unwrap_or_default()
}

/// Waits until there are so many pods, and no more a little later.
fn pods(cluster: &Cluster, wanted: usize) {
    let count = || get(cluster, "pods")["items"].as_array().map_or(0, Vec::len);
    let end = Instant::now() + Duration::from_mins(1);
    while count() != wanted {
        assert!(
            Instant::now() < end,
            "{} pods, not {wanted}:\n{}",
            count(),
            stdout(&cluster.kubectl(&["get", "events", "--namespace=mlops"]))
        );
        thread::sleep(Duration::from_millis(200));
    }
    thread::sleep(Duration::from_secs(2));
    assert_eq!(count(), wanted);
}

#[test]
fn the_quota_holds_the_stack_at_its_largest_and_not_one_pod_more() {
    let cluster = Cluster::start();
    let out = repository().join("out/local").to_string_lossy().into_owned();
    let _controllers = cluster.control(&[NAMESPACES, WORKLOADS]);
    assert!(cluster.kubectl(&["apply", "--filename", &out]).status.success());
    // Postgres, MLflow, the Job, one API (the autoscaler that would make two needs metrics), two pages.
    pods(&cluster, 6);
    let run = |arguments: &[&str]| assert!(cluster.kubectl(arguments).status.success(), "{arguments:?}");
    run(&["scale", "deployment/diabetes-api", "--replicas=10", "--namespace=mlops"]);
    pods(&cluster, 15);
    // A rollout of everything that is replaced pod by pod; without nodes, new pods never get ready, so old ones stay.
    run(&["rollout", "restart", "deployment/diabetes-api", "deployment/ui", "--namespace=mlops"]);
    pods(&cluster, 17);
    let quota = &get(&cluster, "resourcequotas")["items"][0]["status"];
    assert_eq!(quota["used"], quota["hard"], "what is used at the largest is what is allowed");
    // One more is refused, and it is the quota that refuses it.
    run(&["scale", "deployment/ui", "--replicas=3", "--namespace=mlops"]);
    pods(&cluster, 17);
    let events =
        stdout(&cluster.kubectl(&["get", "events", "--namespace=mlops", "--output=jsonpath={.items[*].message}"]));
    assert!(events.contains("exceeded quota: stack-at-its-largest"), "{events}");
}
