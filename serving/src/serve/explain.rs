//! `POST /explain`: what moved a prediction.
//!
//! A contribution costs hundreds of predictions, so there are fewer rows, no more requests at a time than processors, and they are
//! never explained where requests are read.
//! Who explains a prediction has predicted already: nothing is logged or counted twice.

use axum::{extract::State, http::StatusCode, response::Response};
use forest::Explanation;
use serde::{Serialize, Serializer};
use tokio::time::timeout;

use super::{
    Refusal, Shared,
    answer::{Answer, Answers, ByClass, Words},
    auth::ApiKey,
    predict::{Json, json},
    rows::{self, Rows},
};
use crate::model::{Features, Loaded};

/// Rows of a body.
const MOST: usize = 100;

/// Explains the prediction of one row or many: what each feature moved it by.
///
/// An answer is that of `/predict`, with `base_values` (the mean probability of each class over the version's background sample,
/// 100 rows of its training data) and `contributions` (what each feature adds to the probability of each class). For every class the
/// base value and all contributions sum up to the probability.
///
/// Contributions are Shapley values (interventional `TreeSHAP`), a category being one feature whatever its encoding, averaged over the
/// background sample. Where the probability is the sum of what trees say, as in random forests of two classes, they are those of the
/// `shap` package's `TreeExplainer`; with several classes and at most ten features, those of its `ExactExplainer`. With more features,
/// and for a logistic score, those of the scores are carried over, for each background row, by the mean slope of the probability along
/// the straight line between the scores of the two rows (Aumann-Shapley); with one score that is what `TreeExplainer` does for
/// `model_output="probability"`.
///
/// Nothing is logged or counted as a prediction. At most 100 rows at a time.
#[utoipa::path(post, path = "/explain", tag = "Predictions", security(("api_key" = [])),
    request_body(content = super::openapi::PredictRequest, description = "One row, or an array of at most 100 rows"),
    responses((status = 200, description = "One explanation, or an array of explanations", body = super::openapi::ExplainResponse),
              (status = 400, description = "The body is no JSON", body = Refusal),
              (status = 401, description = "The API key is missing or wrong", body = Refusal),
              (status = 408, description = "The body took too long to arrive, or the rows to explain", body = Refusal),
              (status = 409, description = "The version has no background sample", body = Refusal),
              (status = 413, description = "The body has too many bytes or rows", body = Refusal),
              (status = 415, description = "The content type is not application/json", body = Refusal),
              (status = 422, description = "Fields are missing, unknown or of the wrong type", body = Refusal),
              (status = 503, description = "No model is loaded, or too many requests are being answered or explained", body = Refusal)))]
pub async fn explain(State(service): State<Shared>, _: ApiKey, Json(body): Json) -> Result<Response, Refusal> {
    let model = service.model().ok_or_else(Refusal::no_model)?;
    let most = service.limits.rows.min(MOST);
    let rows = rows::read(&body, &service.features, most).map_err(|unfit| Refusal::unfit(unfit, most))?;
    // Half of the time is for the others, half for this.
    let place = timeout(service.limits.timeout / 2, service.explaining.clone().acquire_owned()).await;
    let place = place.map_err(|_| Refusal::busy("too many predictions are being explained"))?;
    let work = tokio::task::spawn_blocking(move || {
        let _place = place;
        answer(&service, &model, &rows)
    });
    let text = work.await.map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string(), ""))?;
    Ok(json(text?))
}

fn answer(service: &Shared, model: &Loaded, rows: &Rows) -> Result<Vec<u8>, Refusal> {
    let Some(explainer) = &model.explainer else {
        let error = format!("version {} has no background sample to explain predictions by", model.version);
        let hint = "train it with `serving train`, which keeps one with the version; predictions need none";
        return Err(Refusal::new(StatusCode::CONFLICT, error, hint));
    };
    let (words, features) = (&service.words, &service.features);
    let probabilities = model.predictor.predict_all(&rows.values, features.count());
    let answers = Answers::new(words, features, model, &rows.values, &probabilities);
    let explanations: Vec<Explanation> =
        rows.values.chunks_exact(features.count()).map(|row| explainer.explain(row)).collect();
    let told = answers.iter().zip(&explanations).map(|(answer, explanation)| Explained {
        answer,
        base_values: ByClass(words, &explanation.base),
        contributions: ByFeature { words, features, contributions: &explanation.contributions },
    });
    let text = match told.collect::<Vec<_>>().as_slice() {
        [one] if !rows.many => serde_json::to_vec(one),
        many => serde_json::to_vec(many),
    };
    text.map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string(), ""))
}

/// The answer for one row.
#[derive(Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    answer: &'a Answer<'a>,
    base_values: ByClass<'a>,
    contributions: ByFeature<'a>,
}

/// What each feature adds to the probability of each class, `[features × classes]`.
struct ByFeature<'a> {
    words: &'a Words,
    features: &'a Features,
    contributions: &'a [f64],
}

impl Serialize for ByFeature<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let by_class = self.contributions.chunks_exact(self.words.classes.len());
        let by_class = by_class.map(|contributions| ByClass(self.words, contributions));
        out.collect_map(self.features.all().map(|feature| &feature.name).zip(by_class))
    }
}
