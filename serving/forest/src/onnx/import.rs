//! ONNX as an ensemble, bound to what the model file says.

use model_file::ModelFile;
use prost::Message;

use super::{graph::ML, inputs, proto, trees};
use crate::{Columns, Ensemble, Transform};

/// A model from ONNX.
#[derive(Debug, Clone)]
pub struct Foreign {
    /// The trees.
    pub ensemble: Ensemble,
    /// What makes their columns of the features of the model file.
    pub columns: Columns,
}

/// A file that cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Cut, or no ONNX at all.
    #[error("this is no ONNX file, or a part of one: {0}\n\nhint: export the model again")]
    NotOnnx(String),
    /// A graph with operators that are not run here.
    #[error(
        "the graph has the operator {0}, which is not served\n\nhint: export the classifier alone (a forest, or a \
         gradient boosting) with skl2onnx, and encode categories as the model file says"
    )]
    Operator(String),
    /// A graph that says something unexpected.
    #[error("the graph {0}\n\nhint: export the model again with skl2onnx, or train it with `serving train`")]
    Graph(String),
    /// A model of something else.
    #[error("the model is not the one of the model file: {0}\n\nhint: {1}")]
    Other(String, &'static str),
}

/// Reads ONNX and binds it to the features and classes of `file`.
///
/// # Errors
/// When it is no ONNX, holds anything but one tree ensemble with its encoding, or has other features or
/// classes than the model file.
pub fn import(bytes: &[u8], file: &ModelFile) -> Result<Foreign, Unreadable> {
    let model = proto::Model::decode(bytes).map_err(|error| Unreadable::NotOnnx(error.to_string()))?;
    let graph = model.graph.ok_or_else(|| Unreadable::NotOnnx("it has no graph".into()))?;
    let mut ensembles = graph.node.iter().filter(|node| node.op_type == "TreeEnsembleClassifier");
    let trees = match (ensembles.next(), ensembles.next()) {
        (Some(trees), None) => trees,
        (Some(_), Some(_)) => return Err(Unreadable::Graph("has more than one TreeEnsembleClassifier".into())),
        (None, _) => {
            let first = graph.node.iter().find(|node| node.domain == ML).or(graph.node.first());
            return Err(first.map_or_else(
                || Unreadable::Graph("has no operator".into()),
                |node| Unreadable::Operator(node.op_type.clone()),
            ));
        }
    };
    // It stands behind the graph: a file that was cut there would still have all its trees.
    if !model.opset_import.iter().any(|set| set.domain == ML) {
        return Err(Unreadable::NotOnnx(format!("it does not say which version of {ML} it uses")));
    }
    let columns = inputs::columns(&graph, trees, file)?;
    let mut ensemble = trees::read(trees, columns.len(), file)?;
    if normalised(&graph, trees)? {
        if ensemble.transform != Transform::None || ensemble.scores == 1 {
            return Err(Unreadable::Graph("has a Normalizer after probabilities".into()));
        }
        ensemble.transform = Transform::Shares;
    }
    Ok(Foreign { ensemble, columns })
}

/// Whether scores become shares of their sum; what else may follow only changes the form of the answer.
fn normalised(graph: &proto::Graph, trees: &proto::Operator) -> Result<bool, Unreadable> {
    let mut behind = trees.output.clone();
    let mut normalised = false;
    for node in &graph.node {
        if !node.input.iter().any(|input| behind.contains(input)) {
            continue;
        }
        match node.op_type.as_str() {
            "Normalizer" if node.text("norm", "MAX") == "L1" => normalised = true,
            // The label's own way among them, from whole numbers to what people called the classes.
            "Cast" | "Identity" | "ZipMap" | "Reshape" | "ArrayFeatureExtractor" | "LabelEncoder" => {}
            other => return Err(Unreadable::Operator(other.to_owned())),
        }
        behind.extend(node.output.iter().cloned());
    }
    Ok(normalised)
}
