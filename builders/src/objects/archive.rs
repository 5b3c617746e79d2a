//! Where a PostgreSQL cluster of CloudNativePG is backed up to, and when.

use k8s_openapi::api::core::v1::EnvVar;
use serde_json::Value;

use super::{
    Plan,
    foreign::{
        barman_cloud::{Compression, Configuration, Credentials, Google, Key, ObjectStore, PLUGIN, S3, Sidecar},
        cloudnative_pg::{Named, ScheduledBackup},
        object,
    },
    meta::meta,
    names,
    postgres_cluster::requirements,
};
use crate::{
    handles::SecretKey,
    name,
    values::Name,
    workload::{self, ARCHIVER, Archive, Workload},
};

/// The name of the store of a cluster's archive.
pub(super) fn store(cluster: &Name) -> Name {
    cluster.with(&name!("archive"))
}

pub(super) fn objects(plan: &Plan<'_>, workload: &Workload, archive: &Archive) -> [Value; 2] {
    let (name, namespace) = names(workload);
    let backup = ScheduledBackup {
        backup_owner_reference: "self",
        cluster: Named { name: name.as_str() },
        // The first one now: until there is one, there is nothing to go back to. So another archive has a schedule of its own.
        immediate: true,
        method: "plugin",
        plugin_configuration: Named { name: PLUGIN },
        schedule: with_seconds(archive.schedule.as_str()),
    };
    [
        object(&meta(plan, &store(&name), &namespace, &name), &place(archive)),
        object(&meta(plan, &archive.folder, &namespace, &name), &backup),
    ]
}

/// The operator's schedules begin with seconds, its nicknames do not.
fn with_seconds(schedule: &str) -> String {
    if schedule.starts_with('@') { schedule.to_owned() } else { format!("0 {schedule}") }
}

fn place(archive: &Archive) -> ObjectStore<'_> {
    let Archive { place, endpoint, region, credentials, days, .. } = archive;
    let key = |key: &'_ SecretKey| Key { key: key.key.to_string(), name: key.secret.to_string() };
    let credentials = match (credentials, place.starts_with("gs://")) {
        (workload::Credentials::Key(id, secret), _) => {
            Credentials::S3(S3::Key { access_key_id: key(id), secret_access_key: key(secret) })
        }
        (workload::Credentials::File(file), _) => {
            Credentials::Google(Google::File { application_credentials: key(file) })
        }
        (workload::Credentials::Identity, true) => Credentials::Google(Google::Workload { gke_environment: true }),
        (workload::Credentials::Identity, false) => Credentials::S3(S3::Role { inherit: true }),
    };
    let region = region.iter().map(|region| EnvVar {
        name: "AWS_DEFAULT_REGION".into(),
        value: Some(region.clone()),
        ..EnvVar::default()
    });
    ObjectStore {
        configuration: Configuration {
            credentials,
            data: Compression { compression: "gzip" },
            destination_path: place,
            endpoint: endpoint.as_ref().map(ToString::to_string),
            wal: Compression { compression: "gzip" },
        },
        instance_sidecar_configuration: Sidecar { env: region.collect(), resources: requirements(ARCHIVER) },
        retention_policy: format!("{days}d"),
    }
}
