//! PostgreSQL as the operator CloudNativePG runs it: several instances, one of which writes.

use super::{Kind, Opening, Unfinished};
use crate::{
    app::App,
    handles::{Endpoint, SecretKey, Sql, Target},
    name,
    peers::Peer,
    values::{ImageRef, Located, Name, Replicas, Resources, Storage},
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
}

/// Ports of an instance: PostgreSQL, and what the operator and the other instances ask for its state.
const SQL: u16 = 5432;
const STATUS: u16 = 8000;
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
    /// A PostgreSQL cluster, run by CloudNativePG; the endpoint is that of the instance that writes.
    #[track_caller]
    pub fn postgres_cluster(&mut self, name: Name, cluster: &PostgresCluster) -> Endpoint<Sql> {
        let kind = Kind::PostgresCluster(Box::new(cluster.clone()));
        let mut this: Unfinished<'_, PostgresCluster> = self.unfinished(name, &cluster.image, kind);
        let spec = &mut this.spec;
        spec.resources = Some(cluster.resources);
        spec.replicas = Some(Located::nowhere(Replicas::Fixed(cluster.instances)));
        // Pulling an image, making the first instance and letting one follow it.
        spec.own_seconds = 300;
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
        let (host, peer) = (format!("{}-rw.{}.svc.cluster.local", spec.name, spec.namespace), own);
        let starts_within = spec.budget();
        let server = Target {
            workload: Some(this.finish()),
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
