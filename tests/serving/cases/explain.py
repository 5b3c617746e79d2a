"""What the shap package says of a version's trees: `explain.py trees|exact FOLDER`.

FOLDER has the version's model.onnx and reference.json, and rows.json: rows of the model's features, a category as its place in
`values`, which values.json has by feature. Said is base and contributions, `[rows][features][classes]`, as JSON. *trees* is for two
classes and columns that are features: TreeExplainer on the trees as they are. *exact* asks onnxruntime about every coalition.
*logistic* writes the folder's logistic.onnx: the same trees, by the logistic function of about 8 times their sum.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import shap

what, folder = sys.argv[1], Path(sys.argv[2])
rows = np.array(json.loads((folder / "rows.json").read_text()), np.float32)
reference = json.loads((folder / "reference.json").read_text())
background = np.array(reference["background"], np.float32)
names = [feature["name"] for feature in reference["features"]]


def classifier(model):
    """The attributes of the trees, by name."""
    [node] = [node for node in model.graph.node if node.op_type == "TreeEnsembleClassifier"]
    return node, {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}


def trees(said):
    """The trees as shap takes them."""
    weights = {}
    for tree, node, weight in zip(said["class_treeids"], said["class_nodeids"], said["class_weights"]):
        weights[tree, node] = weights.get((tree, node), 0.0) + np.float64(weight)
    ids = np.array(said["nodes_treeids"])
    listed = []
    for tree in np.unique(ids):
        at = ids == tree
        of = lambda name: np.array(said[name])[at]
        nodes = of("nodes_nodeids")
        assert (nodes == np.arange(len(nodes))).all()
        leaf = np.array([mode == b"LEAF" for mode in of("nodes_modes")])
        left, right = (np.where(leaf, -1, of(name)) for name in ("nodes_truenodeids", "nodes_falsenodeids"))
        listed.append({
            "children_left": left, "children_right": right, "children_default": left,
            "features": np.where(leaf, -2, of("nodes_featureids")),
            "thresholds": of("nodes_values").astype(np.float32).astype(np.float64),
            "values": np.array([[weights.get((tree, node), 0.0)] for node in nodes]),
            "node_sample_weight": np.ones(len(nodes)),
        })
    return listed


def by_trees(model):
    _, said = classifier(model)
    base = said.get("base_values", [0.0])[0]
    ensemble = {"trees": trees(said), "base_offset": base, "input_dtype": np.float32, "internal_dtype": np.float64}
    output = "raw"
    if said["post_transform"] == b"LOGISTIC":
        ensemble |= {"tree_output": "log_odds", "objective": "binary_crossentropy"}
        output = "probability"
    data = background.astype(np.float64)
    explainer = shap.TreeExplainer(ensemble, data, model_output=output, feature_perturbation="interventional")
    moved = explainer.shap_values(rows.astype(np.float64), check_additivity=False).reshape(rows.shape)
    base = float(np.ravel(explainer.expected_value)[0])
    return [1 - base, base], np.stack([-moved, moved], 2)


def by_coalitions(model):
    """Interventional values of onnxruntime's probabilities, by asking about all coalitions of features."""
    # The matrix before it becomes a dictionary for each row.
    [told] = [node.input[0] for node in model.graph.node if node.op_type == "ZipMap"]
    model.graph.output.append(onnx.helper.make_tensor_value_info(told, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    inputs = [one.name for one in session.get_inputs()]
    words = json.loads((folder / "values.json").read_text())

    def predict(x):
        if inputs == names:
            columns = {}
            for place, name in enumerate(names):
                column = x[:, place].astype(np.float32)
                # The graph reads words, and numbers by the type that they have in the model file.
                kind = session.get_inputs()[place].type
                if name in words:
                    column = np.array(words[name], object)[column.astype(int)]
                elif "int64" in kind:
                    column = column.astype(np.int64)
                columns[name] = column
        else:
            columns = {inputs[0]: x.astype(np.float32)}
        return np.array(session.run([told], columns)[0], np.float64)

    explainer = shap.explainers.Exact(predict, shap.maskers.Independent(background.astype(np.float64), max_samples=len(background)))
    told = explainer(rows.astype(np.float64), max_evals=2 ** len(names))
    return told.base_values[0], told.values


model = onnx.load(folder / "model.onnx")
if what == "logistic":
    node, _ = classifier(model)
    dice = np.random.default_rng(1)
    for attribute in node.attribute:
        if attribute.name == "class_weights":
            # No two rows have the same score: shap divides by the difference, even where it is rounding alone.
            attribute.floats[:] = [8 * weight + dice.normal(0, 0.01) for weight in attribute.floats]
        if attribute.name == "post_transform":
            attribute.s = b"LOGISTIC"
    node.attribute.append(onnx.helper.make_attribute("base_values", [-4.0]))
    onnx.save(model, folder / "logistic.onnx")
else:
    base, contributions = by_trees(model) if what == "trees" else by_coalitions(model)
    print(json.dumps({"base": list(base), "contributions": np.asarray(contributions).tolist()}))
