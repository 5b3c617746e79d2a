//! Who is scraped: a `ServiceMonitor` for each workload that exports metrics, where the environment has a Prometheus.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde_json::Value;

use super::{
    Plan,
    foreign::{
        object,
        prometheus::{Authorization, Endpoint, Key, ServiceMonitor},
    },
    meta::{meta, selector},
    names,
};
use crate::workload::Workload;

/// Between two scrapes: an autoscaler's rate over two minutes has four of them.
const INTERVAL: &str = "30s";

pub(super) fn monitor(plan: &Plan<'_>, workload: &Workload) -> Option<Value> {
    let prometheus = plan.model.cluster.prometheus.as_ref()?;
    let metrics = workload.metrics.as_ref()?;
    let (port, _) = workload.ports.first()?;
    let (name, namespace) = names(workload);
    let mut metadata = meta(plan, &name, &namespace, &name);
    // By these, the operator finds the monitors that are meant for its Prometheus; ours stay.
    let own = metadata.labels.take().unwrap_or_default();
    metadata.labels = Some(prometheus.monitor_labels.0.clone().into_iter().chain(own).collect());
    let authorization = metrics.token.as_ref().map(|token| Authorization {
        credentials: Key { key: token.key.to_string(), name: token.secret.to_string() },
        r#type: "Bearer",
    });
    let endpoint = Endpoint { authorization, interval: INTERVAL, path: metrics.path, port: port.to_string() };
    let selector: LabelSelector = selector(&name);
    Some(object(&metadata, &ServiceMonitor { endpoints: [endpoint], selector }))
}
