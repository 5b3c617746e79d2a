//! The API of a model: follows the registry's champion, answers predictions and logs them.

use builders::{
    App, Done, Endpoint, Exposure, Http, Located, Name, Quantity, Replicas, Resources, Scratch, Sql, Variable, key,
    name,
};
use deserr::Deserr;
use schemars::JsonSchema;

use crate::{Definition, PredictionLog, Registry, serving};

/// Size and visibility of an API.
#[derive(Debug, Clone, Deserr, JsonSchema, serde::Serialize)]
#[deserr(deny_unknown_fields)]
#[schemars(deny_unknown_fields, default, rename = "ModelApiValues")]
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
    #[deserr(default, rename = "predictionLog")]
    #[schemars(rename = "predictionLog")]
    #[serde(rename = "predictionLog")]
    pub prediction_log: PredictionLog,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            replicas: Located::nowhere(Replicas::Fixed(2)),
            resources: Resources::new((100, 64), (500, 128)),
            exposure: Exposure::default(),
            prediction_log: PredictionLog::Off,
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
    pub predictions: &'a Endpoint<Sql>,
}

/// Declares the API.
pub fn model_api(app: &mut App, values: &Values, needs: &Needs) -> ModelApi {
    let Needs { environment, image, model, registry, trained, predictions } = needs;
    let web = serving::api_port();
    let name = model.name.with(&name!("api"));
    let settings = app.config(
        name.clone(),
        [
            (key!("ENVIRONMENT"), (*environment).to_owned()),
            (key!("LOG_LEVEL"), image.log_level.as_str().to_owned()),
            (key!("MODEL_ALIAS"), serving::CHAMPION.to_owned()),
            (key!("MODEL_NAME"), model.registered.clone()),
        ],
    );

    let api = app
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
        .drains_within(45);
    let api = match values.prediction_log {
        PredictionLog::Off => api,
        PredictionLog::Postgres => api.connect(*predictions, &serving::DATABASE_URL),
    };

    ModelApi { model: model.name.clone(), predict: registry.attach(api).serve(&web) }
}
