"""A data scientist's run: a scikit-learn forest as ONNX, logged and registered by the Python client alone."""

import hashlib
import json
import pathlib

import mlflow
from skl2onnx import to_onnx
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier

X, y = load_iris(return_X_y=True)
X = X.astype("float32")
forest = RandomForestClassifier(n_estimators=10, random_state=0).fit(X, y)
onnx = to_onnx(forest, X[:1], options={"zipmap": False})

major = int(mlflow.__version__.split(".")[0])
place = {"name": "forest"} if major >= 3 else {"artifact_path": "forest"}
with mlflow.start_run():
    mlflow.log_metric("accuracy", forest.score(X, y))
    mlflow.onnx.log_model(onnx, registered_model_name="from python", input_example=X[:2], **place)

client = mlflow.MlflowClient()
client.set_registered_model_alias("from python", "champion", "1")
client.set_model_version_tag("from python", "1", "by", "Python")
folder = pathlib.Path(mlflow.artifacts.download_artifacts("models:/from python@champion"))
# What the client adds to what it downloaded is no file of the version.
files = {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
         for file in folder.rglob("*") if file.is_file() and file.name != "registered_model_meta"}
print(json.dumps({"files": files, "source": client.get_model_version("from python", "1").source}))
