//! PostgreSQL clusters of CloudNativePG, and the databases in them.

use k8s_openapi::api::core::v1::ResourceRequirements;
use serde_json::Value;

use super::{
    Plan,
    deployment::spread,
    foreign::{
        cloudnative_pg::{Affinity, Bootstrap, Cluster, Database, Inherited, InitDb, Managed, Named, Role, Storage},
        object,
    },
    meta::{label, labels, meta},
    names,
    policy::peer,
};
use crate::{
    cluster::Topology,
    values::{ComputeResources, Name},
    workload::{PostgresCluster, Workload},
};

pub(super) fn objects(plan: &Plan<'_>, workload: &Workload, cluster: &PostgresCluster) -> Vec<Value> {
    let (name, namespace) = names(workload);
    let mut objects = vec![object(&meta(plan, &name, &namespace, &name), &itself(plan, workload, cluster))];
    let database = |database: &Name| {
        let metadata = meta(plan, &name.with(database), &namespace, &name);
        let (database, cluster) = (database.as_str(), Named { name: name.as_str() });
        object(&metadata, &Database { cluster, name: database, owner: database })
    };
    objects.extend(cluster.further.iter().map(|(name, _)| database(name)));
    objects
}

fn itself<'c>(plan: &Plan<'_>, workload: &Workload, cluster: &'c PostgresCluster) -> Cluster<'c> {
    let PostgresCluster { image, instances, storage, resources, first, further, .. } = cluster;
    let amounts = |amounts: ComputeResources| {
        [("cpu", amounts.cpu), ("memory", amounts.memory)].map(|(name, amount)| (name.to_owned(), amount.into())).into()
    };
    let zones = plan.model.cluster.topology == Topology::ManyZones;
    // With zones to spare there are nodes to spare: two instances on one would be lost together.
    let apart = if zones { "required" } else { "preferred" };
    let over_zones =
        zones.then(|| spread("topology.kubernetes.io/zone", peer(&workload.namespace, &workload.pods()).pod_selector));
    // What the operator makes is its own to name and to manage; that it belongs to the stack, it cannot know.
    let mut inherited = labels(plan, &workload.name);
    inherited.retain(|label, _| label == label::PART_OF);
    let role =
        |(name, password): &'c (Name, crate::handles::SecretKey)| Role::login(name.as_str(), password.secret.as_str());
    Cluster {
        affinity: Affinity { spread: true, pod_anti_affinity_type: apart, topology_key: "kubernetes.io/hostname" },
        bootstrap: Bootstrap {
            initdb: InitDb { data_checksums: true, database: first.as_str(), owner: first.as_str() },
        },
        enable_superuser_access: false,
        image_name: image.as_str(),
        inherited_metadata: Inherited { labels: inherited },
        instances: *instances,
        managed: Managed { roles: further.iter().map(role).collect() },
        priority_class_name: plan.priority_class(workload).map(|name| name.to_string()),
        resources: ResourceRequirements {
            requests: Some(amounts(resources.requests)),
            limits: Some(amounts(resources.limits)),
            claims: None,
        },
        storage: Storage {
            size: storage.to_string(),
            storage_class: plan.model.cluster.storage_classes.single.as_ref().map(ToString::to_string),
        },
        topology_spread_constraints: over_zones.into_iter().collect(),
    }
}
