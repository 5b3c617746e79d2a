//! The cluster's own Prometheus, and the Grafana beside it.

use std::collections::BTreeMap;

use builders::{App, Config, Name, name};
use serde_json::json;

use super::Group;

/// Tells them of rules and dashboards.
///
/// Rules stand in the namespace of what they watch: an operator may hold the expressions of a namespace to series of the same.
pub(super) fn told(app: &mut App, groups: Vec<Group>, dashboards: &[Config]) {
    let mut by_namespace: BTreeMap<Name, Vec<Group>> = BTreeMap::new();
    for group in groups {
        by_namespace.entry(group.namespace.clone()).or_default().push(group);
    }
    for (namespace, groups) in by_namespace {
        app.namespace(&namespace).rules(namespace.with(&name!("alerts")), &json!(groups));
    }
    for files in dashboards {
        app.dashboard(files);
    }
}
