//! Names, labels and annotations that all objects share.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

use super::Plan;
use crate::values::Name;

/// Labels of ours, by <https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/>.
pub(crate) mod label {
    pub(crate) const NAME: &str = "app.kubernetes.io/name";
    pub(crate) const PART_OF: &str = "app.kubernetes.io/part-of";
    pub(crate) const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
    /// Set by the API server on every namespace.
    pub(crate) const NAMESPACE: &str = "kubernetes.io/metadata.name";
}

/// Annotations of ours.
pub(crate) const CONFIG_HASH: &str = "mlstack.dev/config-hash";
pub(crate) const OPENING: &str = "mlstack.dev/opening";
pub(crate) const ESCAPE_HATCH: &str = "mlstack.dev/escape-hatch";

pub(crate) type Map = BTreeMap<String, String>;

/// A map of a few texts.
pub(crate) fn map<const N: usize>(entries: [(&str, &str); N]) -> Map {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// The labels of everything that belongs to `component`.
pub(crate) fn labels(plan: &Plan<'_>, component: &Name) -> Map {
    map([
        (label::NAME, component.as_str()),
        (label::PART_OF, plan.model.cluster.stack.as_str()),
        (label::MANAGED_BY, "mlstack"),
    ])
}

/// Metadata of an object of `component`.
pub(crate) fn meta(plan: &Plan<'_>, name: &Name, namespace: &Name, component: &Name) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_string()),
        namespace: Some(namespace.to_string()),
        labels: Some(labels(plan, component)),
        ..ObjectMeta::default()
    }
}

/// Selects the pods of `component`. Selectors cannot be changed later, so they hold the least.
pub(crate) fn selector(component: &Name) -> LabelSelector {
    LabelSelector { match_labels: Some(map([(label::NAME, component.as_str())])), ..LabelSelector::default() }
}
