//! The harness itself: what it says when manifests name what is not there.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde_json::{Value, json};
use servers::repository;

use super::cluster::Cluster;

fn container(name: &str, arguments: &Value, variables: &Value, mounts: &Value) -> Value {
    let probe = |path: &str| json!({"httpGet": {"path": path, "port": "http"}});
    json!({"name": name, "image": "mlstack/serving:v1", "args": arguments, "env": variables, "volumeMounts": mounts,
        "ports": [{"name": "http", "containerPort": 8000}],
        "startupProbe": probe("/startup"), "livenessProbe": probe("/health"), "readinessProbe": probe("/ready"),
        "securityContext": {"readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}})
}

/// A Job and a Deployment that share claims: the model's rows are made by an init container.
fn manifests() -> Vec<Value> {
    let object = |kind: &str, name: &str, rest: Value| {
        let mut object = json!({"kind": kind, "metadata": {"name": name, "namespace": "team"}});
        object.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        object
    };
    let workload = |kind: &str, name: &str, mut pod: Value, volumes: &Value| {
        pod["securityContext"] = json!({"runAsUser": 65532, "runAsGroup": 65532, "fsGroup": 65532});
        pod["volumes"] = volumes.clone();
        object(kind, name, json!({"spec": {"template": {"spec": pod}}}))
    };
    let model = fs::read_to_string(repository().join("models/churn.yaml")).unwrap();
    let mount = |name: &str, path: &str| json!({"name": name, "mountPath": path});
    let read = |name: &str, path: &str| json!({"name": name, "mountPath": path, "readOnly": true});
    let claim = |name: &str| json!({"name": name, "persistentVolumeClaim": {"claimName": name}});
    let (config, tmp) =
        (json!({"name": "model", "configMap": {"name": "churn-model"}}), json!({"name": "tmp", "emptyDir": {}}));
    let (data, at) = (json!({"name": "data", "emptyDir": {}}), "/var/lib/mlstack/data/data.csv");
    let value = |name: &str, value: &str| json!({"name": name, "value": value});
    let variables =
        json!([value("MODEL_FILE", "/etc/mlstack/model.yaml"), value("REGISTRY", "/var/lib/mlstack/registry")]);
    let with = |further: Value| Value::from([variables.as_array().unwrap().clone(), vec![further]].concat());
    let sample = json!(["sample", "churn", "--rows", "600", "--seed", "1", "--output", at]);
    let init = container("sample", &sample, &json!([]), &json!([mount("data", "/var/lib/mlstack/data")]));
    let train = json!([
        read("model", "/etc/mlstack"),
        mount("tmp", "/tmp"),
        mount("data", "/var/lib/mlstack/data"),
        mount("models", "/var/lib/mlstack/registry")
    ]);
    let serve = json!([
        read("model", "/etc/mlstack"),
        mount("tmp", "/tmp"),
        mount("logs", "/var/log/mlstack"),
        read("models", "/var/lib/mlstack/registry")
    ]);
    let token = json!({"name": "MONITORING_TOKEN", "valueFrom": {"secretKeyRef": {"name": "churn", "key": "MONITORING_TOKEN"}}});
    let served =
        with(token).as_array().unwrap().iter().cloned().chain([value("PREDICTION_LOG", "/var/log/mlstack")]).collect();
    vec![
        object("ConfigMap", "churn-model", json!({"data": {"model.yaml": model}})),
        object("PersistentVolumeClaim", "models", json!({})),
        object("PersistentVolumeClaim", "logs", json!({})),
        workload(
            "Job",
            "churn-training-0123abcd",
            json!({"initContainers": [init], "containers": [container("train", &json!(["train"]), &with(value("DATA", at)), &train)]}),
            &json!([config, tmp, data, claim("models")]),
        ),
        workload(
            "Deployment",
            "churn-api",
            json!({"containers": [container("serve", &json!(["serve"]), &Value::Array(served), &serve)]}),
            &json!([config, tmp, claim("models"), claim("logs")]),
        ),
    ]
}

fn cluster(manifests: &[Value]) -> Cluster {
    let texts: Vec<String> = manifests.iter().map(Value::to_string).collect();
    Cluster::of(&texts).secret("team", "churn", "MONITORING_TOKEN", "t0ken")
}

#[test]
fn what_is_named_and_not_there_fails_the_test_by_its_name() {
    let (job, api) = ("/3/spec/template/spec", "/4/spec/template/spec");
    for (pod, place, value, words) in [
        (job, "volumes/3/persistentVolumeClaim/claimName", json!("model"), "PersistentVolumeClaim team/model is named"),
        (job, "volumes/0/configMap/name", json!("other"), "ConfigMap team/other is named"),
        (job, "volumes/1", json!({"name": "tmp", "hostPath": {}}), "knows no volume such as [\"hostPath\"]"),
        (job, "containers/0/volumeMounts/0/name", json!("config"), "volume config is mounted, and not there"),
        (api, "containers/0/env/2/valueFrom/secretKeyRef/key", json!("TOKEN"), "team/churn has no key TOKEN"),
        (api, "containers/0/env/2/valueFrom/secretKeyRef/name", json!("other"), "Secret team/other is named"),
        (api, "containers/0/env/1/value", json!("http://x.y.svc.cluster.local"), "no service of the test"),
        (api, "containers/0/tty", json!(true), "does not know this of a container"),
        (api, "containers/0/readinessProbe/httpGet/scheme", json!("HTTPS"), "scheme"),
        (api, "containers/0/livenessProbe/httpGet/port", json!("web"), "livenessProbe asks port"),
        (api, "containers/0/securityContext/readOnlyRootFilesystem", json!(false), "readOnlyRootFilesystem"),
        // A claim that cannot be written, and one that pods have no right to.
        (job, "containers/0/volumeMounts/3/readOnly", json!(true), "Read-only file system"),
        (job, "securityContext/fsGroup", Value::Null, "Permission denied"),
    ] {
        let mut manifests = Value::from(manifests());
        let (parent, key) = place.rsplit_once('/').unwrap();
        let parent = manifests.pointer_mut(&format!("{pod}/{parent}")).unwrap_or_else(|| panic!("{pod}/{parent}"));
        match parent {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
            map => map[key] = value,
        }
        let manifests = manifests.as_array().unwrap();
        let kind = if pod == job { "Job" } else { "Deployment" };
        let cluster = cluster(manifests);
        let name = if kind == "Job" { "churn-training" } else { "churn-api" };
        let tried = catch_unwind(AssertUnwindSafe(|| {
            let pod = cluster.pod(kind, "team", name);
            if kind == "Job" { drop(pod.run()) } else { drop(pod.start()) }
        }));
        let panic = tried.err().unwrap_or_else(|| panic!("{words}: nothing happened"));
        let said = panic.downcast_ref::<String>().expect("text");
        assert!(said.contains(words), "{words}: {said}");
    }
}
