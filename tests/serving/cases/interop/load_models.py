"""A data scientist looks at models that `serving` registered, and predicts with them: `MODEL CSV TARGET` for each."""

import json
import pathlib
import sys

import mlflow
import onnxruntime
import pandas as pd

client = mlflow.MlflowClient()


def artifacts(run, path=None):
    for file in client.list_artifacts(run, path):
        yield from artifacts(run, file.path) if file.is_dir else [file.path]


def probabilities(maps):
    return [{str(label): float(share) for label, share in row.items()} for row in maps]


def words(rows):
    """pandas 3 has a string type of its own, which MLflow's onnx flavour cannot hand to onnxruntime."""
    return rows.astype({column: object for column in rows if rows[column].dtype.kind not in "if"})


def look(name, csv, target):
    rows = words(pd.read_csv(csv).drop(columns=target))
    version = client.get_model_version_by_alias(name, "champion")
    run = client.get_run(version.run_id)
    folder = pathlib.Path(mlflow.artifacts.download_artifacts(f"models:/{name}@champion"))
    model = mlflow.pyfunc.load_model(f"models:/{name}@champion")
    example = mlflow.models.Model.load(str(folder)).load_input_example(str(folder))
    answer = model.predict(rows)
    outputs = model.metadata.signature.outputs

    session = onnxruntime.InferenceSession(folder / "model.onnx")
    kinds = {"tensor(float)": "float32", "tensor(int64)": "int64", "tensor(string)": object}
    inputs = {i.name: (rows if len(session.get_inputs()) == 1 else rows[i.name]).to_numpy(kinds[i.type])
              for i in session.get_inputs()}
    labels, shares = session.run(None, inputs)
    label, share = [output.name for output in session.get_outputs()]
    return {
        "params": run.data.params, "metrics": run.data.metrics, "tags": run.data.tags, "run": run.info.run_name,
        "experiment": client.get_experiment(run.info.experiment_id).name, "status": run.info.status,
        "artifacts": sorted(artifacts(version.run_id)),
        "files": sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()),
        "importances": "feature_importances.json" in [file.path for file in client.list_artifacts(version.run_id)]
        and mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/feature_importances.json"),
        "inputs": {column.name: column.type.name for column in model.metadata.signature.inputs},
        "outputs": outputs and outputs.input_names(),
        "example": json.loads(example.to_json(orient="records")), "of_example": len(model.predict(words(example))),
        "pyfunc": {"labels": [str(value) for value in answer[label]],
                   "probabilities": probabilities(answer[share])},
        "onnxruntime": {"labels": [str(value) for value in labels], "probabilities": probabilities(shares)},
    }


arguments = sys.argv[1:]
print(json.dumps([look(*arguments[place:place + 3]) for place in range(0, len(arguments), 3)]))
