//! An ensemble as ONNX.
//!
//! For two classes one class id is written: with both, onnxruntime labels every row with the second class.
//! How many training rows came by each node stands in `nodes_hitrates`, which runtimes may pass over.

use model_file::{FeatureType, ModelFile};
use prost::Message;

use super::{
    graph::{ML, operator, tensor},
    proto::{Attribute, Graph, Model, Operator, OperatorSet, ValueInfo, element},
};
use crate::{Column, Columns, Ensemble, Leaf, Node, Transform};

/// Writes `ensemble` as ONNX. Without categories the graph has one input `[rows × features]`; with them
/// one input `[rows × 1]` per feature, so that clients send words, and the graph encodes them.
pub fn export(ensemble: &Ensemble, columns: &Columns, file: &ModelFile) -> Vec<u8> {
    let (input, mut node) = inputs(columns, file);
    let shares = ensemble.transform == Transform::Shares;
    let scores = if shares { "scores" } else { "probabilities" };
    node.push(operator(ML, "TreeEnsembleClassifier", &["columns"], &["label", scores], trees(ensemble, file)));
    if shares {
        let norm = vec![Attribute::string("norm", "L1")];
        node.push(operator(ML, "Normalizer", &["scores"], &["probabilities"], norm));
    }
    let label = if whole_labels(file).is_some() { element::INT64 } else { element::STRING };
    let output =
        vec![tensor("label", label, None), tensor("probabilities", element::FLOAT, Some(ensemble.order.len()))];
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
        let identity = operator("", "Identity", &["input"], &["columns"], vec![]);
        return (vec![tensor("input", element::FLOAT, Some(features.len()))], vec![identity]);
    }
    let (mut inputs, mut operators, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for (place, feature) in features.iter().enumerate() {
        let name = feature.name.value.as_str();
        let values = feature.values.as_ref().map_or(&[][..], |values| &values.value);
        let part = format!("column {name}");
        if feature.kind != FeatureType::Category {
            inputs.push(tensor(name, element::FLOAT, Some(1)));
            parts.push(name.to_owned());
            continue;
        }
        inputs.push(tensor(name, element::STRING, Some(1)));
        if columns.iter().any(|column| *column == Column::Value(place)) {
            #[expect(clippy::cast_precision_loss, reason = "a handful of values")]
            let codes = (0..values.len()).map(|code| code as f32).collect();
            let map = vec![Attribute::strings("keys_strings", values), Attribute::floats("values_floats", codes)];
            operators.push(operator(ML, "LabelEncoder", &[name], &[&part], map));
        } else {
            let cube = format!("values {name}");
            let map = vec![Attribute::strings("cats_strings", values), Attribute::int("zeros", 1)];
            operators.push(operator(ML, "OneHotEncoder", &[name], &[&cube], map));
            operators.push(operator("", "Flatten", &[&cube], &[&part], vec![Attribute::int("axis", 1)]));
        }
        parts.push(part);
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    operators.push(operator("", "Concat", &parts, &["columns"], vec![Attribute::int("axis", 1)]));
    (inputs, operators)
}

/// The classes as whole numbers, where all of them are.
fn whole_labels(file: &ModelFile) -> Option<Vec<i64>> {
    file.classes.value.iter().map(|class| class.value.value.parse().ok()).collect()
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
    let labels = whole_labels(file).map_or_else(
        || Attribute::strings("classlabels_strings", file.classes.value.iter().map(|class| &class.value.value)),
        |labels| Attribute { ints: labels, ..Attribute::ints("classlabels_int64s", []) },
    );
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
        labels,
        Attribute::string("post_transform", transform),
    ]
}
