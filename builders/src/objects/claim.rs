//! Claims on volumes. Each stands in the file of the first workload that mounts it.

use std::collections::BTreeSet;

use k8s_openapi::{
    api::core::v1::{PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements},
    apimachinery::pkg::api::resource,
};

use super::{Plan, meta::meta};
use crate::{
    cluster::{Cluster, Topology},
    handles::VolumeId,
    model::{Claim, Model},
    workload::Workload,
};

pub(super) fn claim(plan: &Plan<'_>, claim: &Claim, owner: &Workload) -> PersistentVolumeClaim {
    let size: resource::Quantity = claim.size.bytes().into();
    let Cluster { topology, storage_classes, .. } = &plan.model.cluster;
    let (mode, class) = match (claim.shared, topology) {
        (false, _) => ("ReadWriteOnce", &storage_classes.single),
        // Pods of one node may all mount what one node may.
        (true, Topology::OneNode) => ("ReadWriteOnce", &storage_classes.shared),
        (true, Topology::ManyNodes | Topology::ManyZones) => ("ReadWriteMany", &storage_classes.shared),
    };
    PersistentVolumeClaim {
        metadata: meta(plan, &claim.name, &claim.namespace, &owner.name),
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec![mode.into()]),
            storage_class_name: class.as_ref().map(ToString::to_string),
            resources: Some(VolumeResourceRequirements {
                requests: Some([("storage".to_owned(), size)].into()),
                ..VolumeResourceRequirements::default()
            }),
            ..PersistentVolumeClaimSpec::default()
        }),
        ..PersistentVolumeClaim::default()
    }
}

/// By workload, the claims it is the first to mount.
pub(super) fn owners(model: &Model) -> Vec<Vec<usize>> {
    let mut owned = BTreeSet::new();
    let of = |workload: &Workload| {
        let mounted = workload.mounts.iter().filter_map(|mount| mount.source.claim());
        mounted.map(|VolumeId(index)| index).filter(|index| owned.insert(*index)).collect()
    };
    model.workloads.iter().map(of).collect()
}
