//! The API of a model: follows the registry's champion, answers predictions and logs them.

mod values;

use std::time::Duration;

use builders::{App, Done, Endpoint, Http, Metrics, Name, Quantity, Scratch, SecretKey, Variable, key, name};
pub use values::{Caller, Values};

use crate::{
    Definition, PredictionLog, Registry,
    monitoring::{Objective, WatchedApi},
    registry::Role,
    serving,
};

/// What an API offers to other components.
#[derive(Debug)]
pub struct ModelApi {
    /// The model's short name.
    pub model: Name,
    /// Predictions.
    pub predict: Endpoint<Http>,
    /// What its callers send as `X-API-Key`.
    pub api_key: Option<SecretKey>,
    /// What who watches it sends as a bearer.
    pub token: Option<SecretKey>,
    /// What there is to watch of it.
    pub watched: WatchedApi,
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
    /// What is promised of it.
    pub objective: &'a Objective,
}

/// Declares the API.
pub fn model_api(app: &mut App, values: &Values, needs: &Needs) -> ModelApi {
    let Needs { environment, image, model, registry, trained, predictions, objective } = needs;
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
        .deployment(name.clone(), &image.image)
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
        .exports(Metrics { path: serving::METRICS, requests: Some(serving::REQUESTS), token: token.clone() })
        .drains_within(45);
    for (variable, key) in [(serving::API_KEY, &api_key), (serving::MONITORING_TOKEN, &token)] {
        if let Some(key) = key {
            api = api.secret(variable, key);
        }
    }
    for Caller { peer, reason } in &values.callers {
        api = api.admit(peer.clone(), &web, reason);
    }
    let api = registry.attach(predictions.attach(api, Role::Writer), Role::Reader);

    let predict = api.serve(&web);

    let watched = WatchedApi {
        model: model.name.clone(),
        workload: name,
        namespace: app.own_namespace().clone(),
        objective: (*objective).clone(),
        first_model: Duration::from_secs(predict.starts_within().into()),
        prediction_log: !matches!(predictions, PredictionLog::Off),
        drift: None,
    };
    ModelApi { model: model.name.clone(), predict, api_key, token, watched }
}
