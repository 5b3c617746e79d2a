//! Typed builders for Kubernetes manifests.
//!
//! A component declares workloads on an [`App`] and hands out what others may use: endpoints, keys,
//! volumes. Whatever it does not hand out cannot be referred to, and whatever is referred to exists.
//! [`Model::finish`] turns the declarations into objects: the ones that were asked for and the ones
//! that follow from them (accounts, policies, disruption budgets, quotas), all as YAML text.
//!
//! Architecture invariant: nothing here knows machine learning, a file, a command line or a cluster.
//!
//! ```
//! use builders::{Cluster, Model, Variable, http, name};
//! # let image = "example/web:1".parse()?;
//! # let resources = builders::Resources::new((100, 64), (500, 128));
//! const BACKEND_URL: Variable<builders::Http> = Variable::http("BACKEND_URL");
//!
//! let mut model = Model::new(Cluster::named("shop"));
//! let mut app = model.namespace(&name!("shop"));
//! let web = http(name!("http"), 8080);
//! let backend = app.deployment(name!("backend"), &image).resources(&resources)
//!     .ready(web.get("/ready")).live(web.get("/health")).serve(&web);
//! app.deployment(name!("page"), &image).resources(&resources)
//!     .connect(&backend, &BACKEND_URL)          // URL, both network policies and DNS, in one line
//!     .ready(web.get("/ready")).live(web.get("/health")).serve(&web);
//! let compiled = model.finish().expect("nothing clashes");
//! assert!(compiled.files.contains_key("020-page.yaml"));
//! # Ok::<(), builders::Invalid>(())
//! ```

mod app;
mod checks;
mod cluster;
mod compiled;
mod handles;
mod inventory;
mod model;
mod objects;
mod peers;
mod values;
mod workload;
mod yaml;

pub use app::App;
pub use checks::Finding;
pub use cluster::{
    Ciphertexts, Cluster, Gateway, Ingress, NameServer, OwnGateway, Prometheus, Quota, SecretsPlan, SharedGateway,
    StorageClasses, Topology,
};
pub use compiled::Compiled;
pub use handles::{
    Config, ConfigFiles, ConfigKey, DeclaredKey, Endpoint, Exporter, Handler, Http, Mountable, OperatorSecret, Port,
    Protocol, Scratch, Secret, SecretFile, SecretKey, SecretType, SharedMount, SharedVolume, Source, Sql, TakesUrlOf,
    Variable, Volume, exec, http, sql,
};
pub use inventory::{DeclaredSecret, Inventory, Row, Totals};
pub use model::Model;
pub use peers::{Addresses, Peer, Pods};
pub use values::{
    Annotations, AtHost, AtMost, AtNodePort, Autoscaling, Between, Cidr, ComputeResources, Exposure, Host, ImageRef,
    Instant, Interval, Invalid, KeyName, Labels, Located, Name, NodePort, Origin, Percent, Quantity, Rate, Replicas,
    Resources, Schedule, Seconds, SecretsFrom, Storage, Store, StoreKind, StorePath, Url, refuse,
};
pub use workload::{
    Archive, Credentials, CronJob, Deployment, Done, Ends, Job, Metrics, PostgresCluster, Priority, Recovery,
    Unfinished,
};
pub use yaml::to_yaml;

/// What the macros of this crate need where they are used.
#[doc(hidden)]
pub mod macros {
    pub use crate::values::choice::{Nothing, kind};
    pub use {deserr, schemars, serde};
}
