//! The trees of a `TreeEnsembleClassifier`, checked: a foreign file may say anything.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use model_file::ModelFile;

use super::{import::Unreadable, proto::Operator};
use crate::{Ensemble, Leaf, Node, Transform, Tree};

/// A node as the attributes list it.
struct Listed<'o> {
    mode: &'o str,
    feature: i64,
    threshold: f32,
    children: [i64; 2],
    cover: f32,
}

pub fn read(operator: &Operator, columns: usize, file: &ModelFile) -> Result<Ensemble, Unreadable> {
    if let Some(tensor) = operator.attribute.iter().find(|attribute| attribute.name.ends_with("_as_tensor")) {
        let message = format!("holds {} in double precision", tensor.name.trim_end_matches("_as_tensor"));
        return Err(Unreadable::Graph(message));
    }
    let order = order(operator, file)?;
    let ids: BTreeSet<i64> = operator.ints("class_ids").iter().copied().collect();
    let scores = if order.len() == 2 && ids.len() == 1 { 1 } else { order.len() };
    let transform = match operator.text("post_transform", "NONE").as_str() {
        "NONE" => Transform::None,
        "LOGISTIC" => Transform::Logistic,
        "SOFTMAX" if scores > 1 => Transform::Softmax,
        other => return Err(Unreadable::Graph(format!("has the post_transform {other}, which is not served"))),
    };
    let base: Vec<f64> = operator.floats("base_values").iter().copied().map(f64::from).collect();
    // onnxruntime takes the last of two where one score speaks for both classes.
    let base = if scores == 1 { base.last().copied().into_iter().collect() } else { base };
    if !(base.is_empty() || base.len() == scores) || !base.iter().all(|value| value.is_finite()) {
        return Err(Unreadable::Graph(format!("has {} base_values for {scores} scores", base.len())));
    }
    let weights = weights(operator, order.len(), scores)?;
    let modes = operator.strings("nodes_modes");
    let listed = listed(operator, &modes)?;
    let trees = listed.iter().map(|(id, nodes)| tree(*id, nodes, &weights, columns)).collect::<Result<Vec<_>, _>>()?;
    if trees.is_empty() {
        return Err(Unreadable::Graph("has no trees".into()));
    }
    Ok(Ensemble { columns, order, scores, base, transform, trees })
}

/// The place of each of the graph's classes in the model file.
fn order(operator: &Operator, file: &ModelFile) -> Result<Vec<usize>, Unreadable> {
    let whole = operator.ints("classlabels_int64s").iter().map(ToString::to_string);
    let labels: Vec<String> = whole.chain(operator.strings("classlabels_strings")).collect();
    let stated: Vec<&str> = file.classes.value.iter().map(|class| class.value.value.as_str()).collect();
    let order: Option<Vec<usize>> = labels.iter().map(|label| stated.iter().position(|class| class == label)).collect();
    let complete = |order: &Vec<usize>| order.iter().collect::<BTreeSet<_>>().len() == stated.len();
    order.filter(|order| order.len() == stated.len() && complete(order)).ok_or_else(|| {
        let message = format!("it tells apart {}, the model file {}", labels.join(", "), stated.join(", "));
        Unreadable::Other(message, "train on the class values of the model file")
    })
}

type Weights = HashMap<(i64, i64), Vec<(usize, f32)>>;

fn weights(operator: &Operator, classes: usize, scores: usize) -> Result<Weights, Unreadable> {
    let (trees, nodes) = (operator.ints("class_treeids"), operator.ints("class_nodeids"));
    let (ids, values) = (operator.ints("class_ids"), operator.floats("class_weights"));
    if [nodes.len(), ids.len(), values.len()] != [trees.len(); 3] {
        return Err(Unreadable::Graph("lists weights of different lengths".into()));
    }
    let mut weights = Weights::new();
    for (place, &id) in ids.iter().enumerate() {
        let class = usize::try_from(id).ok().filter(|class| *class < classes);
        let class = class.ok_or_else(|| Unreadable::Graph(format!("weighs a class {id} that it does not have")))?;
        if !values[place].is_finite() {
            return Err(Unreadable::Graph("has a weight that is no number".into()));
        }
        // One score speaks for the second class, whichever id it is written under.
        let class = if scores == 1 { 1 } else { class };
        weights.entry((trees[place], nodes[place])).or_default().push((class, values[place]));
    }
    Ok(weights)
}

type Trees<'o> = BTreeMap<i64, HashMap<i64, Listed<'o>>>;

fn listed<'o>(operator: &'o Operator, modes: &'o [String]) -> Result<Trees<'o>, Unreadable> {
    let ints = |name| operator.ints(name);
    let (trees, nodes, features) = (ints("nodes_treeids"), ints("nodes_nodeids"), ints("nodes_featureids"));
    let (left, right) = (ints("nodes_truenodeids"), ints("nodes_falsenodeids"));
    let (values, covers) = (operator.floats("nodes_values"), operator.floats("nodes_hitrates"));
    let lengths = [nodes.len(), features.len(), left.len(), right.len(), values.len(), modes.len()];
    if lengths != [trees.len(); 6] {
        return Err(Unreadable::Graph("lists nodes of different lengths".into()));
    }
    // skl2onnx writes 1 everywhere, which counts nothing.
    let counted = covers.len() == trees.len() && covers.iter().any(|cover| (*cover - 1.0).abs() > f32::EPSILON);
    let mut listed = Trees::new();
    for (place, &tree) in trees.iter().enumerate() {
        let node = Listed {
            mode: &modes[place],
            feature: features[place],
            threshold: values[place],
            children: [left[place], right[place]],
            cover: if counted { covers[place] } else { 0.0 },
        };
        if listed.entry(tree).or_default().insert(nodes[place], node).is_some() {
            return Err(Unreadable::Graph(format!("has the node {} of tree {tree} twice", nodes[place])));
        }
    }
    Ok(listed)
}

fn tree(id: i64, nodes: &HashMap<i64, Listed<'_>>, weights: &Weights, columns: usize) -> Result<Tree, Unreadable> {
    let wrong = |what: &str| Unreadable::Graph(format!("has a tree {id} {what}"));
    let children: BTreeSet<i64> =
        nodes.values().filter(|node| node.mode != "LEAF").flat_map(|node| node.children).collect();
    let mut roots = nodes.keys().filter(|node| !children.contains(node));
    let (Some(&root), None) = (roots.next(), roots.next()) else {
        return Err(wrong("without one root"));
    };
    let mut tree = Tree { nodes: Vec::with_capacity(nodes.len()) };
    let mut waiting = VecDeque::from([root]);
    let mut next = 1;
    while let Some(place) = waiting.pop_front() {
        // A node met twice would make more of them than there are.
        if tree.nodes.len() + waiting.len() >= nodes.len() {
            return Err(wrong("whose branches meet again"));
        }
        let node = nodes.get(&place).ok_or_else(|| wrong("with a child that is not there"))?;
        let swapped = match node.mode {
            "LEAF" => {
                let weights = weights.get(&(id, place)).cloned().unwrap_or_default();
                tree.nodes.push(Node::Leaf(Leaf { weights, cover: node.cover }));
                continue;
            }
            "BRANCH_LEQ" | "BRANCH_LT" => false,
            "BRANCH_GT" | "BRANCH_GTE" => true,
            other => return Err(wrong(&format!("with the branch {other}, which is not served"))),
        };
        let column = usize::try_from(node.feature).ok().filter(|column| *column < columns);
        let column = column.ok_or_else(|| wrong(&format!("that asks for column {} of {columns}", node.feature)))?;
        if node.threshold.is_nan() {
            return Err(wrong("with a threshold that is no number"));
        }
        // Below a number is at most the number before it.
        let strict = matches!(node.mode, "BRANCH_LT" | "BRANCH_GTE");
        let threshold = if strict { node.threshold.next_down() } else { node.threshold };
        let [yes, no] = node.children;
        waiting.extend(if swapped { [no, yes] } else { [yes, no] });
        next += 2;
        tree.nodes.push(Node::Split { column, threshold, left: next - 2, right: next - 1, cover: node.cover });
    }
    Ok(tree)
}
