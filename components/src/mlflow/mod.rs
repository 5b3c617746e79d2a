//! MLflow's tracking server and model registry. Runs live in Postgres, artifacts on a volume or in an object store, and
//! clients reach both through the server alone.

mod artifacts;
mod dockerfile;
mod hosts;
mod version;

pub use artifacts::Artifacts;
use builders::{
    App, Endpoint, Exposure, Http, ImageRef, Located, Quantity, Replicas, Resources, Scratch, Sql, Variable, http, name,
};
use deserr::Deserr;
pub use dockerfile::dockerfile;
pub use hosts::HostPattern;
use schemars::JsonSchema;
pub use version::Version;

use crate::ObjectStore;

const BACKEND_STORE_URI: Variable<Sql> = Variable::sql("MLFLOW_BACKEND_STORE_URI");

/// Version, size and visibility of the server.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, default, rename = "MlflowValues")]
#[serde(rename_all = "camelCase")]
pub struct Values {
    /// MLflow's version; flags, memory and the image follow it.
    #[deserr(default)]
    pub version: Version,
    /// The image, if it is not `mlstack/mlflow` at this version, built from `images/mlflow/`.
    #[deserr(default)]
    pub image: Option<ImageRef>,
    /// Room for models and plots.
    #[deserr(default)]
    pub artifacts: Artifacts,
    /// How many servers; one while artifacts are on a volume.
    #[deserr(default = Values::default().replicas)]
    pub replicas: Located<Replicas>,
    /// What a server asks for and may use; the default follows the version.
    #[deserr(default)]
    pub resources: Option<Resources>,
    /// Who can open the server's page.
    #[deserr(default)]
    pub exposure: Exposure,
    /// Further names under which people open the page: `host` or `host:port`, `*` for any part of it.
    #[deserr(default)]
    pub allowed_hosts: Vec<HostPattern>,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            version: Version::default(),
            image: None,
            artifacts: Artifacts::default(),
            replicas: Located::nowhere(Replicas::Fixed(1)),
            resources: None,
            exposure: Exposure::default(),
            allowed_hosts: Vec::new(),
        }
    }
}

impl Values {
    fn image(&self) -> ImageRef {
        match &self.image {
            Some(image) => image.clone(),
            None => self.version.image(),
        }
    }

    fn resources(&self) -> Resources {
        match self.resources {
            Some(resources) => resources,
            None => self.version.resources(),
        }
    }
}

/// What MLflow offers to other components.
#[derive(Debug)]
pub struct Mlflow {
    /// Tracking, registry and artifacts.
    pub tracking: Endpoint<Http>,
}

/// Declares the server; nothing where artifacts lack their store, which is refused before a stack is declared.
pub fn mlflow(app: &mut App, values: &Values, database: &Endpoint<Sql>, store: Option<&ObjectStore>) -> Option<Mlflow> {
    let web = http(name!("http"), 5000);
    let version = &values.version;
    let name = name!("mlflow");
    let names = app.names_of(&name);
    let artifacts = values.artifacts.place(app, store)?;

    let server = app
        .deployment(name, &values.image())
        .scale(&values.replicas)
        .expose(&values.exposure)
        .resources(&values.resources())
        .command(["mlflow", "server"])
        .args(["--host=0.0.0.0", "--port=5000", "--workers=1"])
        // Through the proxy: with a default root, clients would write to their own disks.
        .args(["--serve-artifacts".to_owned(), format!("--artifacts-destination={artifacts}")])
        .args(hosts::flags(version, &names, &values.exposure, &values.allowed_hosts))
        .connect(&database.sqlalchemy(), &BACKEND_STORE_URI)
        .variables(version.variables())
        .mount(&Scratch::disk(Quantity::gibibytes(1)), "/tmp")
        .ready(web.get("/health"))
        .live(web.get("/version"))
        .starts_within(180);

    Some(Mlflow { tracking: artifacts.attach(server).serve(&web) })
}
