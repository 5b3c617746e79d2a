//! What the operator's Prometheus and the Grafana beside it are told, where the cluster has them: whom to scrape, by which rules
//! to alert, what to show. Both find it by labels, in whatever namespace it is.

use k8s_openapi::{
    api::core::v1::ConfigMap,
    apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta},
};
use serde_json::Value;

use super::{
    Plan, config,
    foreign::{
        object,
        prometheus::{Authorization, Endpoint, Key, PodMonitor, PrometheusRule, ServiceMonitor},
    },
    meta::meta,
    names, value,
};
use crate::{
    handles::Config,
    model::Rules,
    values::Labels,
    workload::{Kind, Workload},
};

/// Between two scrapes: an autoscaler's rate over two minutes has four of them.
const INTERVAL: &str = "30s";

/// The pods behind the workload's Service, ready or not; their series have its name as `job`.
pub(super) fn monitor(plan: &Plan<'_>, workload: &Workload) -> Option<Value> {
    let prometheus = plan.model.cluster.prometheus.as_ref()?;
    let metrics = workload.metrics.as_ref()?;
    let (port, _) = workload.ports.first()?;
    let (name, namespace) = names(workload);
    let mut metadata = meta(plan, &name, &namespace, &name);
    label(&mut metadata, &prometheus.monitor_labels);
    let authorization = metrics.token.as_ref().map(|token| Authorization {
        credentials: Key { key: token.key.to_string(), name: token.secret.to_string() },
        r#type: "Bearer",
    });
    let endpoints = [Endpoint { authorization, interval: INTERVAL, path: metrics.path, port: port.to_string() }];
    let selector = LabelSelector { match_labels: Some(workload.labels().0), ..LabelSelector::default() };
    Some(if matches!(workload.kind, Kind::PostgresCluster(_)) {
        // The operator's Services are for clients, and have no port of this.
        object(&metadata, &PodMonitor { job_label: workload.label(), endpoints, selector })
    } else {
        object(&metadata, &ServiceMonitor { endpoints, selector })
    })
}

/// Rules and dashboards of the whole stack.
pub(super) fn of_stack(plan: &Plan<'_>) -> Vec<Value> {
    let Some(prometheus) = &plan.model.cluster.prometheus else { return Vec::new() };
    let rules = |Rules { name, namespace, groups, .. }: &Rules| {
        let mut metadata = meta(plan, name, namespace, name);
        label(&mut metadata, &prometheus.monitor_labels);
        object(&metadata, &PrometheusRule { groups })
    };
    let dashboard = |files: &Config| {
        let mut config: ConfigMap = config::config(plan, files, &files.0.name);
        label(&mut config.metadata, &prometheus.dashboard_labels);
        value(&config)
    };
    plan.model.rules.iter().map(rules).chain(plan.model.dashboards.iter().map(dashboard)).collect()
}

/// Adds labels by which others look for the object; ours stay.
fn label(metadata: &mut ObjectMeta, labels: &Labels) {
    let own = metadata.labels.take().unwrap_or_default();
    metadata.labels = Some(labels.0.clone().into_iter().chain(own).collect());
}
