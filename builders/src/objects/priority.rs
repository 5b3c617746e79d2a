//! Who goes first when room is short: a class for each kind of work, of the whole cluster and thus of the stack's name.

use k8s_openapi::{api::scheduling::v1::PriorityClass, apimachinery::pkg::apis::meta::v1::ObjectMeta};
use serde_json::Value;

use super::{Plan, meta::labels, value};
use crate::{
    values::Name,
    workload::{Priority, Workload},
};

impl Plan<'_> {
    /// The class of a workload's pods, where the cluster has classes.
    pub(super) fn priority_class(&self, workload: &Workload) -> Option<Name> {
        let cluster = &self.model.cluster;
        cluster.priority_classes.then(|| cluster.stack.with(&workload.priority.name()))
    }

    /// The objects of the whole cluster.
    pub(crate) fn cluster(&self) -> Vec<Value> {
        if !self.model.cluster.priority_classes {
            return Vec::new();
        }
        let classes = [
            (Priority::Serving, 100_000, "PreemptLowerPriority", "somebody waits for an answer"),
            // Below everything that says nothing, and it takes nobody's room; below -10 the cluster autoscaler would make no
            // room for it either: <https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md>.
            (Priority::Batch, -10, "Never", "can be done later"),
        ];
        classes.map(|class| value(&self.class(class))).into()
    }

    fn class(&self, (priority, number, preemption, about): (Priority, i32, &str, &str)) -> PriorityClass {
        let stack = &self.model.cluster.stack;
        PriorityClass {
            metadata: ObjectMeta {
                name: Some(stack.with(&priority.name()).to_string()),
                labels: Some(labels(self, stack)),
                ..ObjectMeta::default()
            },
            value: number,
            preemption_policy: Some(preemption.into()),
            description: Some(about.into()),
            ..PriorityClass::default()
        }
    }
}
