//! What linters say and we do differently, with the reason. Everything else they find fails the tests,
//! and so does an exception that nothing needs any more.

use std::collections::BTreeSet;

/// A finding of a linter.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The check's name.
    pub check: String,
    /// The object, as `Kind name`.
    pub object: String,
    /// What was said about it.
    pub said: String,
}

/// Tool, check, objects (`Kind name`, `*` for any of the kind), reason.
const EXCEPTIONS: [(&str, &str, &[&str], &str); 15] = [
    (
        "checkov",
        "CKV_K8S_15",
        &["Deployment *", "Job *", "CronJob *"],
        "images are pinned by tag or digest; `Always` would make every restart depend on a registry, and locally loaded images impossible",
    ),
    (
        "checkov",
        "CKV_K8S_43",
        &["Deployment *", "Job *", "CronJob *"],
        "a laptop runs images that were built on it and have no digest yet; environments that have a registry state digests",
    ),
    (
        "checkov",
        "CKV_K8S_35",
        &[
            "Deployment postgres",
            "Deployment mlflow",
            "Deployment *-api",
            "Deployment ui",
            "CronJob *-drift",
            "CronJob backup",
            "CronJob restore",
        ],
        "libpq reads PGUSER and PGPASSWORD from variables, the official Postgres image its first password, and serving its keys",
    ),
    (
        "checkov",
        "CKV_K8S_40",
        &["Deployment postgres", "Deployment grafana"],
        "the official images own their files as users 999 and 472",
    ),
    (
        "kube-linter",
        "no-anti-affinity",
        &["Deployment *"],
        "topologySpreadConstraints spread the pods, over any number of nodes",
    ),
    (
        "kube-linter",
        "job-ttl-seconds-after-finished",
        &["Job *"],
        "a Job that is applied and then removed by its time to live is made again by the next apply, for ever with Argo CD",
    ),
    ("kube-score", "container-image-pull-policy", &["Deployment *", "Job *", "CronJob *"], "as CKV_K8S_15"),
    ("kube-score", "deployment-has-host-podantiaffinity", &["Deployment *"], "as no-anti-affinity"),
    (
        "kube-linter",
        "job-ttl-seconds-after-finished",
        &["CronJob *"],
        "a CronJob's history does not know the Jobs that were started by hand: they go after a week",
    ),
    (
        "kube-score",
        "deployment-strategy",
        &["Deployment postgres", "Deployment mlflow", "Deployment prometheus"],
        "a claim has one writer: the old pod must stop first",
    ),
    (
        "kube-score",
        "deployment-replicas",
        &[
            "Deployment postgres",
            "Deployment mlflow",
            "Deployment ui",
            "Deployment prometheus",
            "Deployment grafana",
            "Deployment backups",
        ],
        "a claim has one writer; an environment may ask for a single page; a second Grafana would know no session of the first; how old backups are, one pod tells",
    ),
    (
        "kube-score",
        "deployment-replicas",
        &["Deployment *-api"],
        "kube-score does not know KEDA: the ScaledObject states the fewest replicas",
    ),
    (
        "kube-score",
        "networkpolicy-targets-pod",
        &["NetworkPolicy acme-solver", "NetworkPolicy postgres"],
        "operators make these pods: cert-manager, to prove a host is ours, and CloudNativePG",
    ),
    (
        "kube-score",
        "container-security-context-user-group-id",
        &["Deployment postgres", "Deployment grafana"],
        "as CKV_K8S_40",
    ),
    ("kube-score", "service-type", &["Service *"], "an environment exposes what its exposure says"),
];

/// Compares what a tool found over all environments with what is excepted.
pub fn judge(tool: &str, found: Vec<Finding>) {
    let mut used = BTreeSet::new();
    let mut left = Vec::new();
    for finding in found {
        let excepted = EXCEPTIONS.iter().position(|(of, check, objects, _)| {
            *of == tool && *check == finding.check && objects.iter().any(|pattern| fits(pattern, &finding.object))
        });
        match excepted {
            Some(index) => drop(used.insert(index)),
            None => left.push(finding),
        }
    }
    left.sort();
    assert!(left.is_empty(), "{tool} found: {left:#?}");
    let unused: Vec<_> =
        EXCEPTIONS.iter().enumerate().filter(|(index, (of, ..))| *of == tool && !used.contains(index)).collect();
    assert!(unused.is_empty(), "exceptions that nothing needs: {unused:#?}");
}

fn fits(pattern: &str, object: &str) -> bool {
    match pattern.split_once('*') {
        Some((front, back)) => object.starts_with(front) && object.ends_with(back),
        None => pattern == object,
    }
}

#[test]
fn a_pattern_fits_what_it_says_and_nothing_else() {
    assert!(fits("Deployment *", "Deployment ui") && fits("Deployment *-api", "Deployment diabetes-api"));
    assert!(!fits("Deployment *-api", "Deployment ui") && !fits("Deployment ui", "Deployment uii"));
}

#[test]
#[should_panic(expected = "found")]
fn a_finding_without_an_exception_fails() {
    judge(
        "checkov",
        vec![Finding { check: "CKV_K8S_16".into(), object: "Deployment ui".into(), said: "privileged".into() }],
    );
}
