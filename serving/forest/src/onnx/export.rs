//! An ensemble as ONNX.
//!
//! For two classes one class id is written: with both, onnxruntime labels every row with the second class.
//! How many training rows came by each node stands in `nodes_hitrates`, which runtimes may pass over.
//!
//! The form of inputs and outputs is what `mlflow.pyfunc` can feed from a `DataFrame` and put into one. It gives an only
//! input all columns at once and several inputs one flat column each, turns numbers with a point into `f32` but leaves whole
//! ones as they are, and wants as many items of every output as there are rows. So probabilities leave as `ZipMap` has them,
//! which is also what skl2onnx makes unless told otherwise.

use model_file::{FeatureType, ModelFile};
use prost::Message;

use super::{
    graph::{ML, maps, operator, tensor},
    proto::{Attribute, Graph, Model, Operator, OperatorSet, ValueInfo, element},
};
use crate::{Column, Columns, Ensemble, Leaf, Node, Transform};

/// Writes `ensemble` as ONNX. Without categories the graph has one input `[rows × features]`, of `int64` where every
/// feature is an integer; with them one input `[rows]` per feature, so that clients send words, and the graph encodes them.
/// Outputs are `label` `[rows]`, and `probabilities`, for each row a map from class to probability.
pub fn export(ensemble: &Ensemble, columns: &Columns, file: &ModelFile) -> Vec<u8> {
    let (input, mut node) = inputs(columns, file);
    let shares = ensemble.transform == Transform::Shares;
    let scores = if shares { "scores" } else { "shares" };
    node.push(operator(ML, "TreeEnsembleClassifier", &["columns"], &["label", scores], trees(ensemble, file)));
    if shares {
        let norm = vec![Attribute::string("norm", "L1")];
        node.push(operator(ML, "Normalizer", &["scores"], &["shares"], norm));
    }
    node.push(operator(ML, "ZipMap", &["shares"], &["probabilities"], vec![labels(file)]));
    let label = if whole_labels(file).is_some() { element::INT64 } else { element::STRING };
    let output = vec![tensor("label", label, None), maps("probabilities", label)];
    let graph = Graph { node, name: file.registry.model.value.clone(), input, output };
    let set = |domain: &str, version| OperatorSet { domain: domain.into(), version };
    let model = Model {
        ir_version: 8,
        producer_name: "mlstack".into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        graph: Some(graph),
        opset_import: vec![set("", 15), set(ML, 2)],
    };
    model.encode_to_vec()
}

/// The graph's inputs, and what makes `columns` of them.
fn inputs(columns: &Columns, file: &ModelFile) -> (Vec<ValueInfo>, Vec<Operator>) {
    let features = &file.features.value;
    if features.iter().all(|feature| feature.kind != FeatureType::Category) {
        let whole = features.iter().all(|feature| feature.kind == FeatureType::Integer);
        let kind = if whole { element::INT64 } else { element::FLOAT };
        return (vec![tensor("input", kind, Some(features.len()))], vec![to_float("input", "columns")]);
    }
    let (mut inputs, mut operators, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for (place, feature) in features.iter().enumerate() {
        let name = feature.name.value.as_str();
        let values = feature.values.as_ref().map_or(&[][..], |values| &values.value);
        let part = format!("column {name}");
        let flat = format!("flat {name}");
        // From `[rows]` to `[rows × 1]`.
        let upright = || operator("", "Flatten", &[&flat], &[&part], vec![Attribute::int("axis", 1)]);
        let kind = match feature.kind {
            FeatureType::Category => element::STRING,
            FeatureType::Integer => element::INT64,
            FeatureType::Number => element::FLOAT,
        };
        inputs.push(tensor(name, kind, None));
        if feature.kind != FeatureType::Category {
            operators.extend([to_float(name, &flat), upright()]);
        } else if columns.iter().any(|column| *column == Column::Value(place)) {
            #[expect(clippy::cast_precision_loss, reason = "a handful of values")]
            let codes = (0..values.len()).map(|code| code as f32).collect();
            let map = vec![Attribute::strings("keys_strings", values), Attribute::floats("values_floats", codes)];
            operators.extend([operator(ML, "LabelEncoder", &[name], &[&flat], map), upright()]);
        } else {
            let map = vec![Attribute::strings("cats_strings", values), Attribute::int("zeros", 1)];
            operators.push(operator(ML, "OneHotEncoder", &[name], &[&part], map));
        }
        parts.push(part);
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    operators.push(operator("", "Concat", &parts, &["columns"], vec![Attribute::int("axis", 1)]));
    (inputs, operators)
}

fn to_float(from: &str, to: &str) -> Operator {
    operator("", "Cast", &[from], &[to], vec![Attribute::int("to", element::FLOAT.into())])
}

/// The classes as whole numbers, where all of them are, and are written as such: `01` is another word than `1`.
fn whole_labels(file: &ModelFile) -> Option<Vec<i64>> {
    let whole = |text: &String| text.parse().ok().filter(|number: &i64| number.to_string() == *text);
    file.classes.value.iter().map(|class| whole(&class.value.value)).collect()
}

/// The classes, as `TreeEnsembleClassifier` and `ZipMap` name them.
fn labels(file: &ModelFile) -> Attribute {
    whole_labels(file).map_or_else(
        || Attribute::strings("classlabels_strings", file.classes.value.iter().map(|class| &class.value.value)),
        |labels| Attribute { ints: labels, ..Attribute::ints("classlabels_int64s", []) },
    )
}

/// The attributes of `TreeEnsembleClassifier`.
fn trees(ensemble: &Ensemble, file: &ModelFile) -> Vec<Attribute> {
    let nodes = || {
        let places = ensemble.trees.iter().enumerate();
        places.flat_map(|(tree, nodes)| nodes.nodes.iter().enumerate().map(move |(place, node)| (tree, place, node)))
    };
    let weights = || {
        nodes().flat_map(|(tree, place, node)| {
            let weights = if let Node::Leaf(Leaf { weights, .. }) = node { &weights[..] } else { &[] };
            weights.iter().map(move |&(class, weight)| (tree, place, class, weight))
        })
    };
    let split = |node: &Node| match *node {
        Node::Split { column, threshold, left, right, cover } => (column, threshold, left, right, cover),
        Node::Leaf(Leaf { cover, .. }) => (0, 0.0, 0, 0, cover),
    };
    let mode = |node: &Node| if matches!(node, Node::Leaf(_)) { "LEAF" } else { "BRANCH_LEQ" };
    let transform = match ensemble.transform {
        Transform::None | Transform::Shares => "NONE",
        Transform::Logistic => "LOGISTIC",
        Transform::Softmax => "SOFTMAX",
    };
    vec![
        Attribute::ints("nodes_treeids", nodes().map(|(tree, ..)| tree)),
        Attribute::ints("nodes_nodeids", nodes().map(|(_, place, _)| place)),
        Attribute::ints("nodes_featureids", nodes().map(|(.., node)| split(node).0)),
        Attribute::strings("nodes_modes", nodes().map(|(.., node)| mode(node))),
        Attribute::floats("nodes_values", nodes().map(|(.., node)| split(node).1).collect()),
        Attribute::ints("nodes_truenodeids", nodes().map(|(.., node)| split(node).2)),
        Attribute::ints("nodes_falsenodeids", nodes().map(|(.., node)| split(node).3)),
        Attribute::floats("nodes_hitrates", nodes().map(|(.., node)| split(node).4).collect()),
        Attribute::ints("nodes_missing_value_tracks_true", nodes().map(|_| 0)),
        Attribute::ints("class_treeids", weights().map(|(tree, ..)| tree)),
        Attribute::ints("class_nodeids", weights().map(|(_, place, ..)| place)),
        // One score speaks for the second class, and is written under the first id, as skl2onnx does.
        Attribute::ints("class_ids", weights().map(|(_, _, class, _)| if ensemble.scores == 1 { 0 } else { class })),
        Attribute::floats("class_weights", weights().map(|(.., weight)| weight).collect()),
        labels(file),
        Attribute::string("post_transform", transform),
    ]
}
