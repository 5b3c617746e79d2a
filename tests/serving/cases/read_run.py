"""What the Python client sees of a version that was registered from Rust."""

import hashlib
import json
import pathlib
import sys

import mlflow

name, number = sys.argv[1:]
client = mlflow.MlflowClient()
version = client.get_model_version(name, number)
run = client.get_run(version.run_id)
folder = pathlib.Path(mlflow.artifacts.download_artifacts(f"models:/{name}/{number}"))
files = {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
         for file in folder.rglob("*") if file.is_file() and file.name != "registered_model_meta"}
print(json.dumps({
    "status": run.info.status, "name": run.info.run_name, "end": run.info.end_time >= run.info.start_time,
    "params": run.data.params, "metrics": {key: repr(value) for key, value in run.data.metrics.items()},
    "tags": run.data.tags, "version_tags": version.tags, "files": files,
    "plots": [file.path for file in client.list_artifacts(version.run_id, "plots")],
    "experiment": client.get_experiment(run.info.experiment_id).name,
}))
