//! PostgreSQL clusters of CloudNativePG, and the databases in them.

use k8s_openapi::api::core::v1::ResourceRequirements;
use serde_json::Value;

use super::{
    Plan, archive,
    deployment::spread,
    foreign::{
        cloudnative_pg::{
            AccountTemplate, Affinity, Annotated, Bootstrap, Cluster, Database, ExternalCluster, Inherited, InitDb,
            Managed, Named, Plugin, Recovery, RecoveryTarget, Role, Storage,
        },
        object,
    },
    meta::{label, labels, meta},
    names,
    policy::peer,
};
use crate::{
    cluster::Topology,
    values::{ComputeResources, Name, Resources},
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
    objects.extend(cluster.archive.iter().flat_map(|archive| archive::objects(plan, workload, archive)));
    objects
}

fn itself<'c>(plan: &Plan<'_>, workload: &Workload, cluster: &'c PostgresCluster) -> Cluster<'c> {
    let PostgresCluster { image, instances, storage, resources, further, .. } = cluster;
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
    let identity = &workload.identity.0;
    Cluster {
        affinity: Affinity { spread: true, pod_anti_affinity_type: apart, topology_key: "kubernetes.io/hostname" },
        bootstrap: bootstrap(cluster),
        enable_superuser_access: false,
        external_clusters: origin(cluster, &archive::store(&workload.name)),
        image_name: image.as_str(),
        inherited_metadata: Inherited { labels: inherited },
        instances: *instances,
        managed: Managed { roles: further.iter().map(role).collect() },
        plugins: plugins(cluster, &archive::store(&workload.name)),
        priority_class_name: plan.priority_class(workload).map(|name| name.to_string()),
        resources: requirements(*resources),
        service_account_template: (!identity.is_empty())
            .then(|| AccountTemplate { metadata: Annotated { annotations: identity.clone() } }),
        storage: Storage {
            size: storage.to_string(),
            storage_class: plan.model.cluster.storage_classes.single.as_ref().map(ToString::to_string),
        },
        topology_spread_constraints: over_zones.into_iter().collect(),
    }
}

pub(super) fn requirements(resources: Resources) -> ResourceRequirements {
    let amounts = |amounts: ComputeResources| {
        [("cpu", amounts.cpu), ("memory", amounts.memory)].map(|(name, amount)| (name.to_owned(), amount.into())).into()
    };
    ResourceRequirements {
        requests: Some(amounts(resources.requests)),
        limits: Some(amounts(resources.limits)),
        claims: None,
    }
}

/// What the cluster is made from: nothing, or what another one left behind.
fn bootstrap(cluster: &PostgresCluster) -> Bootstrap<'_> {
    let first = cluster.first.as_str();
    let Some(recovery) = cluster.archive.as_ref().and_then(|archive| archive.recovery.as_ref()) else {
        return Bootstrap::InitDb(InitDb { data_checksums: true, database: first, owner: first });
    };
    let target = recovery.until.map(|until| RecoveryTarget { target_time: until.to_string() });
    Bootstrap::Recovery(Recovery { database: first, owner: first, target, source: recovery.folder.as_str() })
}

fn origin<'c>(cluster: &'c PostgresCluster, store: &Name) -> Vec<ExternalCluster<'c>> {
    let recovery = cluster.archive.iter().filter_map(|archive| archive.recovery.as_ref());
    let origin = |folder: &'c str| ExternalCluster { name: folder, plugin: Plugin::barman(store, folder, false) };
    recovery.map(|recovery| origin(recovery.folder.as_str())).collect()
}

fn plugins<'c>(cluster: &'c PostgresCluster, store: &Name) -> Vec<Plugin<'c>> {
    cluster.archive.iter().map(|archive| Plugin::barman(store, archive.folder.as_str(), true)).collect()
}
