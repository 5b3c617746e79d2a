//! A server that somebody else runs, with the databases `mlflow` and `predictions` and a role of the same name for each. Backups
//! want a third role, `backups`, which both are granted to and which may make databases:
//! `CREATE ROLE backups LOGIN CREATEDB PASSWORD '…' IN ROLE mlflow, predictions`.

use builders::{App, Between, Host, Peer, Secret, key, name};
use deserr::Deserr;
use schemars::JsonSchema;

use super::{Postgres, Whole};

/// Where the server is.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct External {
    /// Its full name.
    pub host: Host,
    /// Its port.
    #[deserr(default = default_port())]
    #[schemars(default = "default_port")]
    pub port: Between<1, 65_535>,
    /// Its addresses, for network policies: no policy can name a host.
    pub peer: Peer,
    /// How its clients use TLS.
    #[deserr(default)]
    #[schemars(default)]
    pub ssl_mode: SslMode,
}

/// libpq's `sslmode`.
#[derive(Debug, Clone, Copy, Default, Deserr, JsonSchema, serde::Serialize)]
#[deserr(rename_all = lowercase)]
#[schemars(rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum SslMode {
    /// Without TLS.
    Disable,
    /// With TLS.
    #[default]
    Require,
}

impl SslMode {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Require => "require",
        }
    }
}

const fn default_port() -> Between<1, 65_535> {
    Between::new(5432)
}

pub(super) fn external(app: &mut App, values: &External) -> Postgres {
    // Whoever made the roles knows their passwords.
    let secret: Secret = app.secret(name!("postgres"));
    let (mlflow, predictions) = (name!("mlflow"), name!("predictions"));
    let port = u16::try_from(values.port.get()).unwrap_or(u16::MAX);
    let server = app.outside_sql(&values.host, port, &values.peer);
    let mode = values.ssl_mode.as_str();
    let mlflow_login = (secret.fixed(key!("MLFLOW_USER"), &mlflow), secret.supplied(key!("MLFLOW_PASSWORD")));
    let predictions_login =
        (secret.fixed(key!("PREDICTIONS_USER"), &predictions), secret.supplied(key!("PREDICTIONS_PASSWORD")));
    let login = (secret.fixed(key!("BACKUPS_USER"), &name!("backups")), secret.supplied(key!("BACKUPS_PASSWORD")));
    Postgres {
        mlflow: server.database(&mlflow, mlflow_login.0, mlflow_login.1).by_tls(mode),
        predictions: server.database(&predictions, predictions_login.0, predictions_login.1).by_tls(mode),
        whole: Some(Whole {
            server: server.login(login.0, login.1).by_tls(mode),
            image: None,
            databases: [mlflow, predictions],
        }),
        archived: None,
    }
}
