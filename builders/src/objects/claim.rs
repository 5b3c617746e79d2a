//! Claims on volumes, each in the file of its writer.

use k8s_openapi::{
    api::core::v1::{PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements},
    apimachinery::pkg::api::resource,
};

use super::{Plan, meta::meta};
use crate::{handles::MountSource, model::Claim, workload::Workload};

pub(super) fn claims(plan: &Plan<'_>, writer: &Workload) -> Vec<PersistentVolumeClaim> {
    let mounted = writer.mounts.iter().filter_map(|mount| match &mount.source {
        MountSource::Claim(volume) => Some(&plan.model.claims[volume.id.0]),
        _ => None,
    });
    mounted.map(|claim| object(plan, claim, writer)).collect()
}

fn object(plan: &Plan<'_>, claim: &Claim, writer: &Workload) -> PersistentVolumeClaim {
    let size: resource::Quantity = claim.size.bytes().into();
    PersistentVolumeClaim {
        metadata: meta(plan, &claim.name, &claim.namespace, &writer.name),
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteOnce".into()]),
            resources: Some(VolumeResourceRequirements {
                requests: Some([("storage".to_owned(), size)].into()),
                ..VolumeResourceRequirements::default()
            }),
            ..PersistentVolumeClaimSpec::default()
        }),
        ..PersistentVolumeClaim::default()
    }
}
