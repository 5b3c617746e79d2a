//! Churn: rows by an init container, models and predictions on claims, no MLflow; in a namespace of its own.

use std::fs;

use serde_json::{Value, json};

use super::{cluster::Cluster, running::Running};
use crate::program::get;

/// The job writes, the API reads from a mount that it cannot write; both may come and go.
fn lives(environment: &str) {
    let cluster = Cluster::committed(environment).secret("churn-mlops", "churn-api", "MONITORING_TOKEN", "t0ken");
    let customer = json!({"tenure": 2, "monthly_charges": 95, "total_charges": 190, "support_calls": 4,
        "contract": "month-to-month", "payment_method": "electronic-check", "internet_service": "fiber",
        "tech_support": "no", "paperless_billing": "yes", "senior": "no"});
    let new_pod = || cluster.pod("Deployment", "churn-mlops", "churn-api");
    let pods = [new_pod(), new_pod()];
    let apis = pods.each_ref().map(super::pod::Pod::start);
    assert!(apis.iter().all(|api| api.probed() == [503, 200, 503]));

    let training = || cluster.pod("Job", "churn-mlops", "churn-training").run();
    let said = training();
    assert!(said[0].contains("wrote 5000 rows") && said[1].contains("champion is version 1 now"), "{said:?}");
    let apis = apis.map(Running::ready);
    for api in &apis {
        let (status, answer) = api.predict(&json!([customer, customer, customer]));
        assert_eq!((status, &answer[2]["will_churn"]), (200, &json!(true)), "{answer}");
        assert_eq!(get(&api.url("/metrics")).0, 401);
    }
    apis.into_iter().for_each(Running::stop);

    // The Job once more, as another apply would start it; a container again in the pod that it was in; a new pod.
    assert!(training()[1].contains("nothing to train"));
    for pod in [&pods[0], &new_pod()] {
        let api = pod.start().ready();
        assert_eq!(api.predict(&customer).0, 200);
        api.stop();
    }
    let mut files: Vec<_> = fs::read_dir(cluster.claim("churn-mlops", "churn-predictions")).unwrap().collect();
    files.sort_by_key(|file| file.as_ref().unwrap().file_name());
    let rows = files.iter().map(|file| {
        let text = fs::read_to_string(file.as_ref().unwrap().path()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("whole lines"));
        let is_ours = |line: &Value| (&line["inputs"]["tenure"], &line["version"]) == (&json!(2), &json!("1"));
        lines.inspect(|line| assert!(is_ours(line), "{line}")).count()
    });
    assert_eq!(rows.collect::<Vec<_>>(), [4, 3, 1], "{files:?}");
}

#[test]
fn local() {
    lives("local");
}

#[test]
fn staging() {
    lives("staging");
}

#[test]
fn production() {
    lives("production");
}
