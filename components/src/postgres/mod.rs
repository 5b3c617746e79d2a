//! PostgreSQL: a database and a role for each client, on a server in the stack, on a cluster that an operator runs, or on
//! one that is there already.

mod cloudnative_pg;
mod external;
mod server;

use builders::{App, Endpoint, ImageRef, Name, Sql, choice};
pub use cloudnative_pg::CloudNativePG;
pub use external::External;
use schemars::JsonSchema;
pub use server::Server;

use crate::{ObjectStore, backups, monitoring::WatchedBackups};

/// Who runs the databases.
#[derive(Debug, Clone, JsonSchema, serde::Serialize)]
#[schemars(tag = "type", rename = "PostgresValues")]
#[serde(tag = "type")]
pub enum Values {
    /// A pod of the stack.
    Server(Server),
    /// The operator CloudNativePG, with instances that stand in for each other.
    CloudNativePG(CloudNativePG),
    /// Somebody else.
    External(External),
}

choice!(Values { Server(Server), CloudNativePG(CloudNativePG), External(External) });

/// The databases.
#[derive(Debug)]
pub struct Postgres {
    /// For MLflow's runs and registry.
    pub mlflow: Endpoint<Sql>,
    /// For the log of predictions.
    pub predictions: Endpoint<Sql>,
    /// For backups of everything; nothing where an operator makes them.
    pub whole: Option<Whole>,
    /// What there is to watch of backups that an operator makes.
    pub archived: Option<WatchedBackups>,
}

/// A server as backups see it.
#[derive(Debug)]
pub struct Whole {
    /// The server, and a login that may act for every owner of a database.
    pub server: Endpoint<Sql>,
    /// What has its tools, if it runs in the stack.
    pub image: Option<ImageRef>,
    /// The databases that have to be there.
    pub databases: [Name; 2],
}

/// Declares the databases; an operator is told of `backups` here, since it makes them itself.
pub fn postgres(
    app: &mut App,
    values: &Values,
    backups: Option<&backups::Values>,
    store: Option<&ObjectStore>,
) -> Postgres {
    match values {
        Values::Server(values) => server::server(app, values),
        Values::CloudNativePG(values) => cloudnative_pg::cluster(app, values, backups, store),
        Values::External(values) => external::external(app, values),
    }
}
