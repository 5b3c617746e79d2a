//! The schema of what `/explain` answers: an answer of `/predict`, and numbers by class and by feature.

use serde_json::{Map, Value, json};

use super::{Shared, answer};

pub fn schema(service: &Shared) -> Value {
    let by_class = |number: &Value| {
        let classes = service.words.classes.iter().map(|(value, _)| value);
        let properties: Map<String, Value> = classes.clone().map(|value| (value.clone(), number.clone())).collect();
        json!({"type": "object", "required": classes.collect::<Vec<_>>(), "properties": properties})
    };
    let (base, moved) =
        (by_class(&json!({"type": "number", "minimum": 0, "maximum": 1})), by_class(&json!({"type": "number"})));
    let names = service.features.all().map(|feature| &feature.name);
    let moved: Map<String, Value> = names.clone().map(|name| (name.clone(), moved.clone())).collect();

    let mut schema = answer(service);
    schema["properties"]["base_values"] = base;
    schema["properties"]["base_values"]["description"] =
        "The mean probability of each class over the background sample".into();
    schema["properties"]["contributions"] = json!({"type": "object", "required": names.collect::<Vec<_>>(), "properties": moved,
        "description": "What each feature adds to the probability of each class: with the base value they sum up to it"});
    if let Some(required) = schema["required"].as_array_mut() {
        required.extend(["base_values", "contributions"].map(Value::from));
    }
    schema
}
