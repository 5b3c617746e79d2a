//! Our quantities against Kubernetes' own: the API server stores what we write, as we write it.

use std::collections::BTreeMap;

use serde_json::json;

use crate::cluster::Cluster;

#[test]
fn a_quantity_is_written_as_the_api_server_stores_it() {
    let written = [
        "1",
        "0.5",
        "100m",
        "1000m",
        "1500m",
        "0.1",
        "2.5",
        "1e3",
        "12e2",
        "1e-3",
        "1k",
        "1000k",
        "1M",
        "1.5G",
        "1Ki",
        "1024Ki",
        "1024Mi",
        "1.5Gi",
        "0.5Gi",
        "1000Mi",
        "1500Mi",
        "0.5Ki",
        "1Ti",
        "123456789",
        "1048576",
        "1u",
        "10n",
        "0.0001",
        "1E",
        "2E",
        "0.25Mi",
        "1023",
        "3e6",
    ];
    let cluster = Cluster::start();
    let hard: BTreeMap<String, &str> =
        written.iter().enumerate().map(|(index, text)| (format!("example.org/q{index}"), *text)).collect();
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "quantities", "namespace": "default"},
        "spec": {"hard": hard.iter().map(|(key, value)| (format!("requests.{key}"), value)).collect::<BTreeMap<_, _>>()},
    });
    let stored = cluster.create(&quota).expect("a quota").remove(0);
    for (index, text) in written.iter().enumerate() {
        let ours = text.parse::<builders::Quantity>().expect(text).to_string();
        assert_eq!(stored["spec"]["hard"][format!("requests.example.org/q{index}")], ours, "{text}");
    }
}
