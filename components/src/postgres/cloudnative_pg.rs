//! A cluster of CloudNativePG. MLflow's role is the operator's to make, its password too; the role of the prediction log
//! has a Secret of its own, since API pods must not own MLflow's database.

use builders::{
    App, Between, ImageRef, Instant, Located, Name, Peer, PostgresCluster, Recovery, Resources, Storage, key, name,
};
use deserr::Deserr;
use schemars::JsonSchema;

use super::Postgres;
use crate::{ObjectStore, backups, monitoring::BackupMetrics};

/// Size and neighbours of the cluster.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct CloudNativePG {
    /// PostgreSQL, as CloudNativePG packs it.
    #[deserr(default = default_image())]
    #[schemars(default = "default_image")]
    pub image: ImageRef,
    /// One that writes, and others that follow and stand in.
    #[deserr(default = default_instances())]
    #[schemars(default = "default_instances")]
    pub instances: Between<1, 100>,
    /// Room for all databases, on each instance.
    pub storage: Storage,
    /// What an instance asks for and may use.
    pub resources: Resources,
    /// The namespace of the operator's pods.
    #[deserr(default = default_operator())]
    #[schemars(default = "default_operator")]
    pub operator: Name,
    /// The API server, which instances ask who they are: the addresses behind the Service `kubernetes`.
    pub api_server: Peer,
    /// The folder of this cluster's backups, below `postgres/` in the object store. A cluster that is made from backups needs
    /// another one than theirs.
    #[deserr(default = default_archive())]
    #[schemars(default = "default_archive")]
    pub archive: Name,
    /// Backups that the cluster is made from, when it is made; later, this changes nothing.
    #[deserr(default)]
    #[schemars(default)]
    pub recover: Option<Located<Recover>>,
}

/// What a cluster is made from.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Recover {
    /// The folder of the backups.
    pub archive: Name,
    /// The point in time to go back to; the last one there is if nothing is said.
    #[deserr(default)]
    #[schemars(default)]
    pub until: Option<Instant>,
}

fn default_image() -> ImageRef {
    ImageRef::literal("ghcr.io/cloudnative-pg/postgresql:17.6-system-trixie")
}

const fn default_instances() -> Between<1, 100> {
    Between::new(3)
}

fn default_archive() -> Name {
    name!("postgres")
}

fn default_operator() -> Name {
    name!("cnpg-system")
}

pub(super) fn cluster(
    app: &mut App,
    values: &CloudNativePG,
    backups: Option<&backups::Values>,
    store: Option<&ObjectStore>,
) -> Postgres {
    let name = name!("postgres");
    let (mlflow, predictions) = (name!("mlflow"), name!("predictions"));
    let login = app.secret(name!("postgres-predictions")).basic_auth(&predictions);
    for key in [&login.0, &login.1] {
        app.reads(&name, key);
    }
    let owner = app.operator_secret(PostgresCluster::secret(&name), PostgresCluster::OPERATOR);
    let recovery = values
        .recover
        .as_ref()
        .map(|Located { value: Recover { archive, until }, .. }| Recovery { folder: archive.clone(), until: *until });
    // Backups without a store are refused before a stack is declared.
    let backups = backups.zip(store);
    let archive =
        backups.map(|(backups, store)| store.archive(&values.archive, &backups.schedule, backups.days(), recovery));
    let CloudNativePG { image, instances, storage, resources, operator, api_server, .. } = values.clone();
    let cluster = PostgresCluster {
        image,
        instances: instances.get(),
        storage,
        resources,
        operator,
        api_server,
        first: mlflow.clone(),
        further: vec![(predictions.clone(), login.1.clone())],
        archive,
    };
    let server = app.postgres_cluster(name.clone(), &cluster);
    let server = backups.iter().fold(server, |server, (_, store)| store.attach(server)).serve();
    Postgres {
        mlflow: server.database(&mlflow, owner.key(key!("username")), owner.key(key!("password"))),
        predictions: server.database(&predictions, login.0, login.1),
        whole: None,
        archived: backups.map(|(backups, _)| backups.watched(name, app.own_namespace(), BackupMetrics::BarmanCloud)),
    }
}
