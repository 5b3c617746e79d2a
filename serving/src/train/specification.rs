//! What a model was made of, as one hash: the same specification and the same data are the same model.

use model_file::{Encoding, FeatureType, ModelFile};
use serde_json::{Value, json};

/// Raised when the same specification gives another model: then everything is trained anew.
const TRAINER: u32 = 1;

/// The SHA-256, in hexadecimal, of everything in `file` that the model depends on: comments, labels, units, ranges,
/// thresholds and translations are not among it.
pub fn hash(file: &ModelFile) -> String {
    let feature = |feature: &model_file::Feature| {
        let kind = match feature.kind {
            FeatureType::Integer => "integer",
            FeatureType::Number => "number",
            FeatureType::Category => "category",
        };
        let encoding = feature.encoding.as_ref().map_or(Encoding::default(), |encoding| encoding.value);
        let ordinal = feature.kind == FeatureType::Category && encoding == Encoding::Ordinal;
        let values = feature.values.as_ref().map(|values| &values.value);
        json!([feature.name.value, kind, values, ordinal])
    };
    let classes: Vec<_> = file.classes.value.iter().map(|class| json!([class.value.value, class.positive])).collect();
    let stated = json!({
        "trainer": TRAINER,
        "target": file.data.target.value,
        "features": file.features.value.iter().map(feature).collect::<Vec<_>>(),
        "classes": classes,
        "training": parameters(file).into_iter().collect::<serde_json::Map<String, Value>>(),
    });
    // Keys are sorted whichever map serde_json is built with: the order of a hash is part of its meaning.
    let canonical = canonical(&stated);
    registry::sha256(canonical.as_bytes())
}

/// The hyper-parameters, by scikit-learn's names.
pub fn parameters(file: &ModelFile) -> Vec<(String, Value)> {
    let training = &file.training;
    let stated = [
        ("n_estimators", json!(training.n_estimators.value)),
        ("max_depth", json!(training.max_depth.value)),
        ("min_samples_split", json!(training.min_samples_split.value)),
        ("min_samples_leaf", json!(training.min_samples_leaf.value)),
        ("max_features", json!(training.max_features.as_str())),
        ("random_state", json!(training.random_state)),
        ("test_size", json!(training.test_size.value)),
        ("stratify", json!(training.stratify)),
    ];
    stated.map(|(name, value)| (name.to_owned(), value)).into()
}

fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entry = |(key, value): &(&String, &Value)| format!("{}:{}", json!(key), canonical(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_people_are_no_reason_to_train_anew() {
        let text = include_str!("../../../models/diabetes.yaml");
        let hashed = |text: &str| hash(&ModelFile::read("m.yaml", text.as_bytes()).expect("a good file").0);
        let (own, translations) = text.split_once("translations:").expect("translations");
        assert!(translations.contains("Low"));
        assert_eq!(hashed(own), hashed(text));
        assert_eq!(hashed(&text.replace("Low", "Little")), hashed(text));
        assert_ne!(hashed(&text.replace("n_estimators: 100", "n_estimators: 101")), hashed(text));
    }
}
