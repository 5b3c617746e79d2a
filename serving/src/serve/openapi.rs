//! The description of the interface: from the code, with the features of the model that is served.

use axum::{Json, extract::State};
use serde_json::{Map, Value, json};
use utoipa::{
    OpenApi, PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        path::Operation,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use super::{Shared, drift, explain, metrics, predict, status, traffic, v2, versions};
use crate::model::{Features, Kind};

mod explanation;

#[derive(OpenApi)]
#[openapi(
    info(title = "serving", description = "Predictions of one model, and how it is."),
    paths(
        status::about,
        status::health,
        status::startup,
        status::ready,
        status::model,
        predict::predict,
        explain::explain,
        metrics::metrics,
        drift::drift,
        versions::versions,
        traffic::traffic,
        v2::server,
        v2::live,
        v2::ready,
        v2::model,
        v2::version,
        v2::model_ready,
        v2::version_ready,
        v2::infer::infer,
        v2::infer::infer_version
    ),
    components(schemas(
        Row,
        Answer,
        ModelDescription,
        PredictRequest,
        PredictResponse,
        Explanation,
        ExplainResponse,
        DriftReport
    ))
)]
struct Api;

macro_rules! from_the_model {
    ($($name:ident: $doc:literal),*) => { $(
        #[doc = $doc]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                // Filled in by `document`, which knows the model.
                RefOr::T(Schema::default())
            }
        }

        impl ToSchema for $name {}
    )* };
}

from_the_model!(Row: "One row.", ModelDescription: "What a client has to know of the model.", Answer: "The answer for one row.", PredictRequest: "One row, or an array of rows.",
                PredictResponse: "One answer, or an array of answers.",
                Explanation: "The answer for one row, and what moved it.",
                ExplainResponse: "One explanation, or an array of explanations.",
                DriftReport: "A window of the version's rows beside its reference sample.");

/// The description, with the schemas of this model.
pub fn document(service: &Shared) -> utoipa::openapi::OpenApi {
    let mut api = Api::openapi();
    api.info.title = format!("{} API", service.words.model);
    env!("CARGO_PKG_VERSION").clone_into(&mut api.info.version);
    let components = api.components.get_or_insert_default();
    let one_or_many = |name: &str| {
        let one = json!({"$ref": format!("#/components/schemas/{name}")});
        json!({"oneOf": [one, {"type": "array", "items": one}]})
    };
    let schemas = [
        ("Row", row(&service.features)),
        ("Answer", answer(service)),
        ("ModelDescription", model_description()),
        ("PredictRequest", one_or_many("Row")),
        ("PredictResponse", one_or_many("Answer")),
        ("Explanation", explanation::schema(service)),
        ("ExplainResponse", one_or_many("Explanation")),
        ("DriftReport", drift_report()),
    ];
    for (name, schema) in schemas {
        // What is written here is valid: a test reads every schema back.
        if let Ok(schema) = serde_json::from_value::<RefOr<Schema>>(schema) {
            components.schemas.insert(name.into(), schema);
        }
    }
    if let Some(RefOr::T(Schema::Object(request))) = components.schemas.get_mut("InferRequest") {
        request.examples.push(infer_request(&service.features));
    }
    let key = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-API-Key")));
    let token = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    components
        .security_schemes
        .extend([("api_key".into(), RefOr::T(key)), ("monitoring_token".into(), RefOr::T(token))]);
    let operations = api.paths.paths.values_mut().flat_map(|path| [&mut path.get, &mut path.post]);
    operations.flatten().for_each(|operation| of_this_service(operation, service));
    api
}

/// What the code cannot know: the model's name, the version that is served, and whether keys are asked for at all.
fn of_this_service(operation: &mut Operation, service: &Shared) {
    let version = service.model().map(|model| model.version.clone());
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        let schema = match parameter.name.as_str() {
            "name" => json!({"type": "string", "enum": [service.words.model]}),
            "version" => json!({"type": "string", "examples": version.as_slice()}),
            _ => continue,
        };
        parameter.schema = serde_json::from_value(schema).ok();
    }
    let open = [("api_key", &service.api_keys), ("monitoring_token", &service.monitoring)];
    let open = open.into_iter().filter(|(_, keys)| keys.is_open());
    let open: Vec<_> = open.map(|(name, _)| SecurityRequirement::new(name, [""; 0])).collect();
    operation.security = operation.security.take().filter(|asked| !asked.iter().any(|asked| open.contains(asked)));
}

fn row(features: &Features) -> Value {
    let property = |feature: &crate::model::Feature| {
        let mut schema = match &feature.kind {
            Kind::Category(values) => json!({"type": "string", "enum": values}),
            #[expect(clippy::cast_possible_truncation, reason = "it is a whole number")]
            Kind::Integer => {
                let limit = feature.limit() as i64;
                json!({"type": "integer", "minimum": -limit, "maximum": limit})
            }
            Kind::Number => json!({"type": "number", "minimum": -feature.limit(), "maximum": feature.limit()}),
        };
        let unit = feature.unit.as_ref().map(|unit| format!("in {unit}"));
        let usual = feature.range.map(|(low, high)| format!("usually {low} to {high}"));
        let description: Vec<String> = unit.into_iter().chain(usual).collect();
        if !description.is_empty() {
            schema["description"] = description.join(", ").into();
        }
        (feature.name.clone(), schema)
    };
    let properties: Map<String, Value> = features.all().map(property).collect();
    let required: Vec<&str> = features.all().map(|feature| feature.name.as_str()).collect();
    let example: Map<String, Value> =
        features.all().map(|feature| (feature.name.clone(), feature.example.clone())).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false,
           "example": example})
}

/// A request of the protocol for one row.
fn infer_request(features: &Features) -> Value {
    let input = |feature: &crate::model::Feature| {
        let datatype = match feature.kind {
            Kind::Category(_) => "BYTES",
            Kind::Integer => "INT64",
            Kind::Number => "FP64",
        };
        json!({"name": feature.name, "shape": [1], "datatype": datatype, "data": [feature.example]})
    };
    json!({"inputs": features.all().map(input).collect::<Vec<_>>()})
}

fn answer(service: &Shared) -> Value {
    use model_file::AnswerValue::{IsPositive, Probability, RiskLevel};
    let words = &service.words;
    let share = json!({"type": "number", "minimum": 0, "maximum": 1});
    let classes = || words.classes.iter();
    let levels: Vec<&str> = service.file.risk_levels.value.iter().map(|level| level.label.as_str()).collect();
    let shares: Map<String, Value> = classes().map(|(value, _)| (value.clone(), share.clone())).collect();
    let mut properties = json!({
        "class": {"type": "string", "enum": classes().map(|(value, _)| value).collect::<Vec<_>>()},
        "label": {"type": "string", "enum": classes().map(|(_, label)| label).collect::<Vec<_>>()},
        "probabilities": {"type": "object", "properties": shares},
        "model_name": {"type": "string"},
        "model_version": {"type": "string"},
        "warnings": {"type": "array", "items": {"type": "object", "properties": {
            "field": {"type": "string"}, "message": {"type": "string"}}}},
    });
    if !levels.is_empty() {
        properties["risk_level"] = json!({"type": "string", "enum": levels});
    }
    for answer in &service.file.answer {
        properties[&answer.field.value] = match answer.holds {
            IsPositive => json!({"type": "boolean"}),
            Probability => share.clone(),
            RiskLevel => json!({"type": "string", "enum": levels}),
        };
    }
    let always = properties.as_object().into_iter().flat_map(Map::keys).filter(|name| *name != "warnings");
    json!({"type": "object", "required": always.collect::<Vec<_>>(), "properties": properties})
}

fn model_description() -> Value {
    let (text, number, word) =
        (json!({"type": "string"}), json!({"type": "number"}), json!({"type": ["string", "null"]}));
    let maybe = json!({"type": ["number", "null"]});
    let feature = json!({"type": "object", "required": ["name", "type"], "properties": {
        "name": text, "type": {"type": "string", "enum": ["integer", "number", "category"]}, "unit": word,
        "range": {"type": ["array", "null"], "items": number, "minItems": 2, "maxItems": 2}, "step": maybe,
        "default": maybe, "values": {"type": "array", "items": text}}});
    let class = json!({"type": "object", "required": ["value", "label", "positive"], "properties": {
        "value": text, "label": text, "positive": {"type": "boolean"}}});
    let level = json!({"type": "object", "required": ["label"], "properties": {"label": text, "below": maybe}});
    let list = |item: Value| json!({"type": "array", "items": item});
    let by_name = |item: &Value| json!({"type": "object", "additionalProperties": item});
    let words = by_name(&text);
    let translation = json!({"type": "object", "properties": {"title": text, "features": words, "units": words,
        "values": by_name(&words), "classes": words, "risk_levels": words}});
    json!({"type": "object", "required": ["name", "version", "explains", "features", "classes", "risk_levels"],
           "properties": {"name": text, "version": word, "explains": {"type": "boolean"}, "features": list(feature),
                          "classes": list(class), "risk_levels": list(level), "translations": by_name(&translation)}})
}

fn drift_report() -> Value {
    let (text, number, count) =
        (json!({"type": "string"}), json!({"type": "number"}), json!({"type": "integer", "minimum": 0}));
    let status = json!({"type": "string", "enum": ["drift", "no_drift", "not_enough_data"]});
    let comparison = json!({"type": ["object", "null"], "properties": {
        "test": {"type": "string", "enum": ["kolmogorov_smirnov", "chi_square"]}, "statistic": number, "p_value": number,
        "corrected_p_value": number, "psi": number, "jensen_shannon": number}});
    let bin = json!({"type": "object", "required": ["reference", "window"], "properties": {
        "value": text, "from": number, "to": number, "reference": count, "window": count}});
    let feature = json!({"type": "object", "required": ["name", "kind", "status", "comparison", "bins"], "properties": {
        "name": text, "kind": {"type": "string", "enum": ["number", "category"]}, "status": status, "reference": count,
        "window": count, "missing": count, "unseen": count, "comparison": comparison, "bins": {"type": "array", "items": bin}}});
    let window = json!({"type": "object", "required": ["source", "other_versions"], "properties": {
        "source": text, "since": text, "until": text, "other_versions": {"type": "object", "additionalProperties": count},
        "other_models": count, "unreadable": count, "first_unreadable": text}});
    json!({"type": "object", "required": ["status", "model", "version", "created", "window", "limits", "rows", "features"],
           "properties": {"status": status, "model": text, "version": text, "created": {"type": "string", "format": "date-time"},
                          "window": window, "rows": count, "features": {"type": "array", "items": feature},
                          "limits": {"type": "object", "properties": {"level": number, "psi": number, "rows": count}}}})
}

/// `GET /openapi.json`.
pub async fn openapi(State(service): State<Shared>) -> Json<utoipa::openapi::OpenApi> {
    Json(document(&service))
}
