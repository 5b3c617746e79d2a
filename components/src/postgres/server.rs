//! One server in a pod, whose databases and roles are made when it starts for the first time.

use askama::Template;
use builders::{App, ImageRef, Name, Quantity, Resources, Scratch, Storage, exec, key, name, sql};
use deserr::Deserr;
use schemars::JsonSchema;

use super::{Postgres, Whole};

/// The user of the official image, in both its Debian variants.
const USER: u32 = 999;

/// Size and image of the server.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields, default)]
pub struct Server {
    /// The server's image; its major version cannot be changed over existing data.
    #[deserr(default = Server::default().image)]
    pub image: ImageRef,
    /// Room for all databases.
    #[deserr(default = Server::default().storage)]
    pub storage: Storage,
    /// What the server asks for and may use.
    #[deserr(default = Server::default().resources)]
    pub resources: Resources,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            image: ImageRef::literal("postgres:15"),
            storage: Storage::gibibytes(5),
            resources: Resources::new((100, 256), (500, 512)),
        }
    }
}

/// Run by the image's entry point while the data directory is empty.
#[derive(Template)]
#[template(path = "postgres-databases.sql", escape = "none")]
struct Databases<'a> {
    names: [&'a Name; 2],
}

pub(super) fn server(app: &mut App, values: &Server) -> Postgres {
    let port = sql(name!("postgres"), 5432);
    let secret = app.secret(name!("postgres"));
    let superuser = secret.key(key!("POSTGRES_PASSWORD"));
    let (mlflow, predictions) = (name!("mlflow"), name!("predictions"));
    let mlflow_login = (secret.fixed(key!("MLFLOW_USER"), &mlflow), secret.key(key!("MLFLOW_PASSWORD")));
    let predictions_login =
        (secret.fixed(key!("PREDICTIONS_USER"), &predictions), secret.key(key!("PREDICTIONS_PASSWORD")));

    let script = Databases { names: [&mlflow, &predictions] }.to_string();
    let init = app.config(name!("postgres-init"), [(key!("10-databases.sql"), script)]);
    let data = app.volume(name!("postgres-data"), &values.storage);

    let server = app
        .deployment(name!("postgres"), &values.image)
        .run_as(USER)
        .resources(&values.resources)
        // Below the mount: the directory of a claim belongs to root, and initdb wants its own.
        .variable("PGDATA", "/var/lib/postgresql/data/pgdata")
        .variable("POSTGRES_INITDB_ARGS", "--data-checksums")
        .secret("POSTGRES_PASSWORD", &superuser)
        .secret("MLFLOW_USER", &mlflow_login.0)
        .secret("MLFLOW_PASSWORD", &mlflow_login.1)
        .secret("PREDICTIONS_USER", &predictions_login.0)
        .secret("PREDICTIONS_PASSWORD", &predictions_login.1)
        .mount(&data, "/var/lib/postgresql/data")
        .mount(&init.files(), "/docker-entrypoint-initdb.d")
        .mount(&Scratch::disk(Quantity::mebibytes(16)), "/var/run/postgresql")
        .mount(&Scratch::disk(Quantity::mebibytes(256)), "/tmp")
        // By TCP: while the databases are made, the server answers on its socket alone.
        .ready(exec(["pg_isready", "--host=127.0.0.1", "--username=postgres", "--dbname=postgres"]))
        .live(exec(["pg_isready", "--host=/var/run/postgresql", "--username=postgres", "--dbname=postgres"]))
        .starts_within(120)
        .drains_within(60)
        .serve(&port);

    let login = secret.fixed(key!("POSTGRES_USER"), &name!("postgres"));
    Postgres {
        mlflow: server.database(&mlflow, mlflow_login.0, mlflow_login.1),
        predictions: server.database(&predictions, predictions_login.0, predictions_login.1),
        whole: Some(Whole {
            server: server.login(login, superuser),
            image: Some(values.image.clone()),
            databases: [mlflow, predictions],
        }),
        archived: None,
    }
}
