//! The cluster's own Prometheus, and the Grafana beside it.

use builders::{App, Config, name};
use serde_json::json;

use super::Group;

/// Tells them of rules and dashboards.
///
/// Rules stand in the namespace of what they watch: an operator may hold the expressions of a namespace to series of the same. Each
/// group is an object, since kubectl refuses one of more than 256 KiB, which is twenty models.
pub(super) fn told(app: &mut App, groups: &[Group], dashboards: &[Config]) {
    for group in groups {
        app.namespace(&group.namespace).rules(group.watches.with(&name!("alerts")), &json!([group]));
    }
    for files in dashboards {
        app.dashboard(files);
    }
}
