//! The API of a model: follows the registry's champion, answers predictions and logs them.

use builders::{
    App, Done, Endpoint, Exposure, Http, Located, Name, Peer, Quantity, Replicas, Resources, Scratch, SecretKey,
    Variable, key, name,
};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::{Definition, PredictionLog, Registry, prediction_log, registry::Role, serving};

/// Size and visibility of an API.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields, rename_all = camelCase)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", default, rename = "ModelApiValues")]
#[serde(rename_all = "camelCase")]
pub struct Values {
    /// How many pods.
    #[deserr(default = Values::default().replicas)]
    pub replicas: Located<Replicas>,
    /// What a pod asks for and may use.
    #[deserr(default = Values::default().resources)]
    pub resources: Resources,
    /// Who can reach it.
    #[deserr(default)]
    pub exposure: Exposure,
    /// Where predictions are kept for drift. They hold what was asked about people: nowhere, unless it is said.
    #[deserr(default)]
    pub prediction_log: prediction_log::Values,
    /// Whether callers send a key as `X-API-Key`; it is in the Secret of the API's name.
    #[deserr(default)]
    pub api_key: bool,
    /// Whether `/metrics` asks for a token, in the same Secret.
    #[deserr(default)]
    pub monitoring_token: bool,
    /// Who may call it beside the page and those that the exposure lets in.
    #[deserr(default)]
    pub callers: Vec<Caller>,
}

/// Somebody who may call an API.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub struct Caller {
    /// Who.
    pub peer: Peer,
    /// Why, for who reads the network policy.
    pub reason: String,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            replicas: Located::nowhere(Replicas::Fixed(2)),
            resources: Resources::new((100, 64), (500, 128)),
            exposure: Exposure::default(),
            prediction_log: prediction_log::Values::Off,
            api_key: false,
            monitoring_token: false,
            callers: Vec::new(),
        }
    }
}

/// What an API offers to other components.
#[derive(Debug)]
pub struct ModelApi {
    /// The model's short name.
    pub model: Name,
    /// Predictions.
    pub predict: Endpoint<Http>,
    /// What its callers send as `X-API-Key`.
    pub api_key: Option<SecretKey>,
}

impl ModelApi {
    /// Where clients of the serving image find it, and in which variable.
    pub fn address(&self) -> (&Endpoint<Http>, Variable<Http>) {
        (&self.predict, serving::api_url(&self.model))
    }
}

/// Where an API runs and what it needs.
#[derive(Debug)]
pub struct Needs<'a> {
    /// The environment's name, for logs.
    pub environment: &'a str,
    /// The image.
    pub image: &'a serving::Values,
    /// The model.
    pub model: &'a Definition,
    /// Where its versions are.
    pub registry: &'a Registry,
    /// The Job that makes the first version.
    pub trained: &'a Done,
    /// Where predictions are logged.
    pub predictions: &'a PredictionLog,
}

/// Declares the API.
pub fn model_api(app: &mut App, values: &Values, needs: &Needs) -> ModelApi {
    let Needs { environment, image, model, registry, trained, predictions } = needs;
    let web = serving::api_port();
    let name = model.name.with(&name!("api"));
    let settings = app.config(
        name.clone(),
        [
            (key!("CACHE_DIR"), serving::CACHE_PATH.to_owned()),
            (key!("ENVIRONMENT"), (*environment).to_owned()),
            (key!("LOG_LEVEL"), image.log_level.as_str().to_owned()),
            (key!("MODEL_ALIAS"), serving::CHAMPION.to_owned()),
            (key!("MODEL_NAME"), model.registered.clone()),
        ],
    );
    let secret = (values.api_key || values.monitoring_token).then(|| app.secret(name.clone()));
    let api_key = secret.as_ref().filter(|_| values.api_key).map(|secret| secret.key(key!("API_KEY")));
    let token = secret.as_ref().filter(|_| values.monitoring_token).map(|secret| secret.key(key!("MONITORING_TOKEN")));

    let mut api = app
        .deployment(name, &image.image)
        .args([serving::SERVE])
        .scale(&values.replicas)
        .expose(&values.exposure)
        .resources(&values.resources)
        .configure(&settings)
        .variable(serving::MODEL_FILE, serving::MODEL_PATH)
        .mount(&model.file.files(), serving::MODEL_DIR)
        .mount(&Scratch::disk(Quantity::mebibytes(256)), "/tmp")
        .after(trained)
        .started(web.get("/startup"))
        .live(web.get("/health"))
        .ready(web.get("/ready"))
        .counts_requests(serving::REQUESTS)
        .drains_within(45);
    for (variable, key) in [(serving::API_KEY, &api_key), (serving::MONITORING_TOKEN, &token)] {
        if let Some(key) = key {
            api = api.secret(variable, key);
        }
    }
    for Caller { peer, reason } in &values.callers {
        api = api.admit(peer.clone(), &web, reason);
    }
    let api = registry.attach(predictions.attach(api), Role::Reader);

    ModelApi { model: model.name.clone(), predict: api.serve(&web), api_key }
}
