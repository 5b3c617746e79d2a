//! Which features, encoded how, are the columns of the trees.

use std::cell::Cell;

use model_file::{Feature, FeatureType, ModelFile};

use super::{
    graph::width,
    import::Unreadable,
    proto::{Graph, Operator},
};
use crate::{Column, Columns};

/// No input has more columns: a damaged number must not fill the memory.
const WIDEST: usize = 1 << 16;

/// A column on its way from the graph's input.
enum Part {
    /// Column `.1` of the input `.0`.
    Input(String, usize),
    /// Where a category encoded in the graph got to.
    Encoded(Column),
}

/// Follows the trees' input back to the graph's inputs.
pub fn columns(graph: &Graph, trees: &Operator, file: &ModelFile) -> Result<Columns, Unreadable> {
    let [input] = trees.input.as_slice() else {
        return Err(Unreadable::Graph("gives its trees more than one input".into()));
    };
    let parts = Trace { graph, file, steps: Cell::new(WIDEST) }.parts(input, 0)?;
    let stated = Columns::of(file);
    let one = graph.input.len() == 1;
    // One matrix: its columns are those of the model file, in the same order.
    if one && parts.iter().enumerate().all(|(place, part)| matches!(part, Part::Input(_, at) if *at == place)) {
        if parts.len() == stated.len() {
            return Ok(stated);
        }
        let message = format!("it takes {} columns, the model file has {}", parts.len(), stated.len());
        return Err(Unreadable::Other(message, "train on the features of the model file, in its order"));
    }
    let column = |part| match part {
        Part::Encoded(column) => Ok(column),
        Part::Input(name, _) => match feature(file, &name)? {
            (_, Feature { kind: FeatureType::Category, .. }) => Err(Unreadable::Other(
                format!("it takes the category {name} as a number"),
                "encode it in the graph, with OneHotEncoder or LabelEncoder",
            )),
            (place, _) => Ok(Column::Value(place)),
        },
    };
    Ok(Columns(parts.into_iter().map(column).collect::<Result<_, _>>()?))
}

fn feature<'f>(file: &'f ModelFile, name: &str) -> Result<(usize, &'f Feature), Unreadable> {
    let found = file.features.value.iter().enumerate().find(|(_, feature)| feature.name.value == name);
    let message = || format!("it has an input {name}, which is no feature of the model file");
    found.ok_or_else(|| Unreadable::Other(message(), "name the inputs of the graph after the features"))
}

struct Trace<'g> {
    graph: &'g Graph,
    file: &'g ModelFile,
    /// Steps that may still be taken: a small graph of nested parts can name more columns than memory holds.
    steps: Cell<usize>,
}

impl Trace<'_> {
    fn parts(&self, name: &str, depth: usize) -> Result<Vec<Part>, Unreadable> {
        let steps = self.steps.get().checked_sub(1);
        self.steps.set(steps.ok_or_else(|| Unreadable::Graph("names more columns than are served".into()))?);
        if depth > self.graph.node.len() {
            return Err(Unreadable::Graph("leads back to itself".into()));
        }
        if let Some(input) = self.graph.input.iter().find(|input| input.name == name) {
            let width = width(input).filter(|width| *width > 0);
            let width = width
                .ok_or_else(|| Unreadable::Graph(format!("does not say how many columns its input {name} has")))?;
            if width > WIDEST {
                return Err(Unreadable::Graph(format!("says that its input {name} has {width} columns")));
            }
            return Ok((0..width).map(|place| Part::Input(name.to_owned(), place)).collect());
        }
        let node = self.graph.node.iter().find(|node| node.output.iter().any(|output| output == name));
        let node = node.ok_or_else(|| Unreadable::Graph(format!("asks for {name}, which nobody makes")))?;
        let before = || node.input.iter().map(|input| self.parts(input, depth + 1)).collect::<Result<Vec<_>, _>>();
        match node.op_type.as_str() {
            "Concat" | "FeatureVectorizer" => Ok(before()?.into_iter().flatten().collect()),
            "Cast" | "Identity" | "Flatten" => Ok(before()?.into_iter().next().unwrap_or_default()),
            "OneHotEncoder" | "LabelEncoder" => self.encoded(node, before()?),
            other => Err(Unreadable::Operator(other.to_owned())),
        }
    }

    /// The columns that an encoder makes of one category.
    fn encoded(&self, node: &Operator, before: Vec<Vec<Part>>) -> Result<Vec<Part>, Unreadable> {
        let mut parts = before.into_iter().flatten();
        let (Some(Part::Input(name, _)), None) = (parts.next(), parts.next()) else {
            return Err(Unreadable::Graph(format!("has a {} of something else than one input", node.op_type)));
        };
        let (place, stated) = feature(self.file, &name)?;
        let values = stated.values.as_ref().map_or(&[][..], |values| &values.value);
        let onehot = node.op_type == "OneHotEncoder";
        let encoded = node.strings(if onehot { "cats_strings" } else { "keys_strings" });
        let code = |value: &String| {
            values.iter().position(|stated| stated == value).ok_or_else(|| {
                let message = format!("it knows the value {value:?} of {name}, the model file does not");
                Unreadable::Other(message, "list it under the feature's values")
            })
        };
        let codes = encoded.iter().map(code).collect::<Result<Vec<_>, _>>()?;
        if onehot {
            return Ok(codes.into_iter().map(|code| Part::Encoded(Column::Is { feature: place, code })).collect());
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful of values")]
        let numbers = codes.iter().map(|code| *code as f32);
        if codes.len() == values.len() && numbers.eq(node.floats("values_floats").iter().copied()) {
            return Ok(vec![Part::Encoded(Column::Value(place))]);
        }
        let message = format!("it numbers the values of {name} otherwise");
        Err(Unreadable::Other(message, "number them from 0 in the order of the model file's values"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::{
        graph::{ML, operator, tensor},
        proto::element,
    };

    #[test]
    fn a_width_beyond_all_measure_is_refused() {
        let text = include_bytes!("../../../../models/iris.yaml");
        let (file, _) = ModelFile::read("iris.yaml", text).expect("a model file");
        let trees = operator(ML, "TreeEnsembleClassifier", &["X"], &["label"], vec![]);
        for (width, words) in [(5, "it takes 5 columns"), (usize::MAX >> 1, "has 9223372036854775807 columns")] {
            let input = vec![tensor("X", element::FLOAT, Some(width))];
            let graph = Graph { input, ..Graph::default() };
            let error = columns(&graph, &trees, &file).expect_err("not iris").to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
