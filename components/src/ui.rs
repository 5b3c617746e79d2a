//! The web page for the people who use the models.

use builders::{App, Endpoint, Exposure, Http, Located, Quantity, Replicas, Resources, Scratch, name};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::{ModelApi, serving};

/// Size and visibility of the page.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields, default, rename = "UiValues")]
pub struct Values {
    /// How many pods.
    #[deserr(default = Values::default().replicas)]
    pub replicas: Located<Replicas>,
    /// What a pod asks for and may use.
    #[deserr(default = Values::default().resources)]
    pub resources: Resources,
    /// Who can open it.
    #[deserr(default)]
    pub exposure: Exposure,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            replicas: Located::nowhere(Replicas::Fixed(2)),
            resources: Resources::new((50, 32), (250, 64)),
            exposure: Exposure::default(),
        }
    }
}

/// What the page offers to other components.
#[derive(Debug)]
pub struct Ui {
    /// The page.
    pub page: Endpoint<Http>,
}

/// Declares the page, with an address for each API.
pub fn ui(app: &mut App, image: &serving::Values, values: &Values, apis: &[ModelApi]) -> Ui {
    let web = serving::page_port();
    let mut page = app
        .deployment(name!("ui"), &image.image)
        .args([serving::UI])
        .scale(&values.replicas)
        .expose(&values.exposure)
        .resources(&values.resources)
        .variable("LOG_LEVEL", image.log_level.as_str())
        .connect_each(apis.iter().map(ModelApi::address))
        .mount(&Scratch::disk(Quantity::mebibytes(64)), "/tmp")
        .live(web.get("/health"))
        .ready(web.get("/ready"))
        .drains_within(30);
    // Keys and tokens stay in the page's server; no browser sees one.
    for (model, key) in apis.iter().filter_map(|api| Some((&api.model, api.api_key.as_ref()?))) {
        page = page.secret(serving::api_key(model), key);
    }
    for (model, token) in apis.iter().filter_map(|api| Some((&api.model, api.token.as_ref()?))) {
        page = page.secret(serving::monitoring_token(model), token);
    }

    Ui { page: page.serve(&web) }
}
