//! Claims: who mounts them, and whether a volume can be where they are.

use super::Finding;
use crate::{
    cluster::Topology,
    handles::{MountSource, SharedMount},
    model::{Claim, Model},
    workload::Workload,
};

pub(super) fn check(model: &Model) -> Vec<Finding> {
    let mut mounted: Vec<Vec<(&Workload, bool)>> = vec![Vec::new(); model.claims.len()];
    for workload in &model.workloads {
        for mount in &workload.mounts {
            match &mount.source {
                MountSource::Claim(volume) => mounted[volume.id.0].push((workload, true)),
                MountSource::Shared(SharedMount { volume, writes }) => mounted[volume.id.0].push((workload, *writes)),
                MountSource::Config(_) | MountSource::Scratch(_) | MountSource::Secret(_) => {}
            }
        }
    }
    let all = model.claims.iter().zip(&mounted);
    all.filter_map(|(claim, by)| who(claim, by).or_else(|| place(model, claim, by))).collect()
}

/// A claim is mounted, by one writer or, where it is shared, by at least one.
fn who(claim: &Claim, by: &[(&Workload, bool)]) -> Option<Finding> {
    let name = &claim.name;
    let (message, hint) = match by {
        [] => (
            format!("nobody mounts the volume {name}"),
            "mount it with `.mount(&volume, \"/path\")`, or do not declare it",
        ),
        [(first, _), (second, _), ..] if !claim.shared => (
            format!("the volume {name} has one writer, but {} and {} mount it", first.name, second.name),
            "let one workload write it and the other ask that workload, or declare it with `shared_volume`",
        ),
        _ if by.iter().all(|(_, writes)| !writes) => {
            (format!("nobody writes the volume {name}"), "mount `volume.writer()` where it is filled")
        }
        _ => return None,
    };
    Some(finding(claim, by, message, hint))
}

/// Pods of several nodes need a volume that several nodes can mount.
fn place(model: &Model, claim: &Claim, by: &[(&Workload, bool)]) -> Option<Finding> {
    let cluster = &model.cluster;
    let one = cluster.topology == Topology::OneNode || cluster.storage_classes.shared.is_some();
    (claim.shared && !one).then(|| {
        let message = format!(
            "the volume {} is shared by pods of many nodes, but a claim of one writer is of one node",
            claim.name
        );
        let hint = "add storageClasses: {shared: NAME} for a class that can do ReadWriteMany, or topology: oneNode";
        Finding { origins: vec![claim.origin.clone()], ..finding(claim, by, message, hint) }
    })
}

fn finding(claim: &Claim, by: &[(&Workload, bool)], message: String, hint: &str) -> Finding {
    let mounts = by.iter().map(|(workload, _)| &workload.origin);
    Finding { message, origins: std::iter::once(&claim.origin).chain(mounts).cloned().collect(), hint: hint.into() }
}
