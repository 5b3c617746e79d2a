//! PostgreSQL as the operator CloudNativePG runs it: several instances, one of which writes.

use super::{Kind, Metrics, Opening, Unfinished};
use crate::{
    app::App,
    handles::{Endpoint, SecretKey, Sql, Target},
    name,
    peers::Peer,
    values::{ImageRef, Instant, Located, Name, Replicas, Resources, Schedule, Storage, Url},
};

/// A cluster and its databases.
#[derive(Debug, Clone)]
pub struct PostgresCluster {
    /// PostgreSQL, as CloudNativePG packs it.
    pub image: ImageRef,
    /// Instances: one that writes, the others follow and stand in.
    pub instances: u32,
    /// Room for all databases, on each instance.
    pub storage: Storage,
    /// What an instance asks for and may use.
    pub resources: Resources,
    /// The namespace of the operator's pods.
    pub operator: Name,
    /// The API server, which instances ask who they are.
    pub api_server: Peer,
    /// The first database and the role that owns it; the operator makes its password.
    pub first: Name,
    /// Further databases, each with the role of its name and the password of the role.
    pub further: Vec<(Name, SecretKey)>,
    /// Where it is backed up to.
    pub archive: Option<Archive>,
}

/// An archive in an object store, kept by CloudNativePG's plugin barman-cloud: copies of all files, and everything that was
/// written since.
#[derive(Debug, Clone)]
pub struct Archive {
    /// The bucket and a prefix, such as `s3://backups/production`.
    pub place: String,
    /// The folder of this cluster there.
    pub folder: Name,
    /// The address of a store that is not the cloud's own.
    pub endpoint: Option<Url>,
    /// S3's region.
    pub region: Option<String>,
    /// As whom the store is asked.
    pub credentials: Credentials,
    /// When all files are copied.
    pub schedule: Schedule,
    /// How many days back one can go.
    pub days: u32,
    /// What the cluster is made from, if not from nothing.
    pub recovery: Option<Recovery>,
}

/// As whom an object store is asked.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// The identity of the pods' account.
    Identity,
    /// An access key of S3, and its secret.
    Key(SecretKey, SecretKey),
    /// A key file of Google's.
    File(SecretKey),
}

/// Another cluster's archive, and until when what is in it counts.
#[derive(Debug, Clone)]
pub struct Recovery {
    /// The folder of that cluster.
    pub folder: Name,
    /// The end of what was archived if nothing is said.
    pub until: Option<Instant>,
}

/// What the plugin's container beside each instance asks for and may use.
pub(crate) const ARCHIVER: Resources = Resources::new((50, 128), (500, 512));

/// Ports of an instance: PostgreSQL, and what the operator and the other instances ask for its state.
const SQL: u16 = 5432;
const STATUS: u16 = 8000;
const METRICS: u16 = 9187;
/// Where API servers listen: behind their Service, or as themselves.
const API: [u16; 2] = [443, 6443];

impl PostgresCluster {
    /// The operator's name, for people.
    pub const OPERATOR: &'static str = "CloudNativePG";

    /// The Secret that the operator makes for the owner of the first database.
    pub fn secret(cluster: &Name) -> Name {
        cluster.with(&name!("app"))
    }
}

impl App<'_> {
    /// A PostgreSQL cluster, run by CloudNativePG. Finish it with [`Unfinished::serve`].
    #[track_caller]
    pub fn postgres_cluster(&mut self, name: Name, cluster: &PostgresCluster) -> Unfinished<'_, PostgresCluster> {
        let kind = Kind::PostgresCluster(Box::new(cluster.clone()));
        let mut this: Unfinished<'_, PostgresCluster> = self.unfinished(name, &cluster.image, kind);
        let spec = &mut this.spec;
        spec.resources = Some(cluster.resources);
        spec.replicas = Some(Located::nowhere(Replicas::Fixed(cluster.instances)));
        // Pulling an image, making the first instance and letting one follow it.
        spec.own_seconds = 300;
        spec.ports.push((name!("metrics"), METRICS));
        spec.metrics = Some(Metrics { path: "/metrics", requests: None, token: None });
        let opening = |peer: &Peer, port, reason: &str| Opening { peer: peer.clone(), port, reason: reason.into() };
        let (own, operator) = (spec.pods(), Peer::namespace(cluster.operator.clone()));
        let (follow, watch, ask) = (
            "instances follow each other",
            "the operator watches the instances",
            "the API server, by the instance's own role",
        );
        for port in [SQL, STATUS] {
            spec.openings.push(opening(&own, port, follow));
            spec.callers.push(opening(&own, port, follow));
            spec.callers.push(opening(&operator, port, watch));
        }
        spec.openings.extend(API.map(|port| opening(&cluster.api_server, port, ask)));
        this
    }
}

impl Unfinished<'_, PostgresCluster> {
    /// Finishes the workload; the endpoint is that of the instance that writes.
    pub fn serve(self) -> Endpoint<Sql> {
        let spec = &self.spec;
        let (host, peer) = (format!("{}-rw.{}.svc.cluster.local", spec.name, spec.namespace), spec.pods());
        let starts_within = spec.budget();
        let server = Target {
            workload: Some(self.finish()),
            peer,
            host,
            port: SQL,
            scheme: "postgresql",
            path: String::new(),
            login: None,
            starts_within,
        };
        Endpoint::new(server)
    }
}
