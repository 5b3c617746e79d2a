"""A data scientist's session: models of scikit-learn as ONNX, logged by the Python client, and files for `serving register`.

Says what each version tells of some rows; then moves aliases: a line `MODEL VERSION` moves `champion`.
"""

import json
import pathlib
import sys

import mlflow
import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

major = int(mlflow.__version__.split(".")[0])
client = mlflow.MlflowClient()
iris, cancer = load_iris(), load_breast_cancer()
# Rows as float32, as trees compare them, so that JSON carries them unchanged.
flowers, cells = iris.data.astype("float32"), cancer.data[:, :5].astype("float32")


def onnx(model, rows, zipmap):
    return to_onnx(model, rows[:1], options={id(model): {"zipmap": zipmap}})


def log(name, model, rows, classes, zipmap):
    model.fit(rows, classes)
    place = {"name": "model"} if major >= 3 else {"artifact_path": "model"}
    with mlflow.start_run():
        mlflow.onnx.log_model(onnx(model, rows, zipmap), registered_model_name=name, **place)
    asked = rows[::5]
    shares = [dict(zip(map(str, model.classes_), row)) for row in model.predict_proba(asked).tolist()]
    return {"name": name, "what": f"{type(model).__name__}, zipmap {zipmap}", "rows": asked.tolist(), "shares": shares}


forest = {"n_estimators": 100, "max_depth": 10, "random_state": 0}
species = iris.target_names[iris.target]
said = [log(*case) for case in [
    ("cells", RandomForestClassifier(**forest), cells, cancer.target, True),
    ("cells", RandomForestClassifier(**forest), cells, cancer.target, False),
    ("cells", GradientBoostingClassifier(random_state=0), cells, cancer.target, False),
    ("cells", DecisionTreeClassifier(max_depth=4, random_state=0), cells, cancer.target, False),
    ("flowers", RandomForestClassifier(**forest), flowers, iris.target, True),
    ("flowers", RandomForestClassifier(**forest), flowers, iris.target, False),
    ("flowers", GradientBoostingClassifier(random_state=0), flowers, iris.target, True),
    ("flowers", ExtraTreesClassifier(**forest), flowers, iris.target, False),
    ("species", RandomForestClassifier(**forest), flowers, species, True),
    ("species", RandomForestClassifier(**forest), flowers, species, False),
    ("species", GradientBoostingClassifier(random_state=0), flowers, species, False),
]]

folder = pathlib.Path(sys.argv[1])
for file, model, rows, classes in [
    ("forest", RandomForestClassifier(**forest), flowers, species),
    ("logistic", LogisticRegression(max_iter=1000), flowers, species),
    ("features", RandomForestClassifier(5), np.hstack([flowers, flowers[:, :1]]), species),
    ("classes", RandomForestClassifier(5), flowers, iris.target),
]:
    (folder / f"{file}.onnx").write_bytes(onnx(model.fit(rows, classes), rows, True).SerializeToString())
print(json.dumps(said), flush=True)

for line in sys.stdin:
    name, version = line.split()
    client.set_registered_model_alias(name, "champion", version)
    print("moved", flush=True)
