"""Clients of the Open Inference Protocol ask for predictions: `HOST MODEL ROWS`, the rows as a JSON array of objects.

Says label and probabilities of each row, by each client and in each form of the request.
"""

import asyncio
import json
import sys

import kserve
import numpy as np
import tritonclient.http as triton

host, model, rows = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
# In the order of the model, which the server tells.
described = triton.InferenceServerClient(host).get_model_metadata(model)
columns = {tensor["name"]: [row[tensor["name"]] for row in rows] for tensor in described["inputs"]}
assert set(columns) == set(rows[0]), described


def kind(values):
    """datatype and numpy type of a column"""
    return ("BYTES", object) if isinstance(values[0], str) else (
        ("INT64", np.int64) if all(isinstance(value, int) for value in values) else ("FP64", np.float64))


def tensors(shape):
    """One tensor per feature."""
    return [(name, np.array(values, kind(values)[1]).reshape(shape), kind(values)[0]) for name, values in columns.items()]


def matrix():
    return [("input", np.array(list(columns.values()), np.float32).T, "FP32")]


def by_triton(inputs):
    client = triton.InferenceServerClient(host)
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready(model) and client.is_model_ready(model, "1") and not client.is_model_ready("other")
    assert client.get_server_metadata()["name"] == "mlstack-serving"
    asked = []
    for name, values, datatype in inputs:
        asked.append(triton.InferInput(name, values.shape, datatype))
        asked[-1].set_data_from_numpy(values, binary_data=False)
    outputs = [triton.InferRequestedOutput(name, binary_data=False) for name in ("label", "probabilities")]
    answer = client.infer(model, asked, model_version="1", request_id="one", outputs=outputs)
    about = answer.get_response()
    assert (about["id"], about["model_version"]) == ("one", "1")
    return answer.as_numpy("label"), answer.as_numpy("probabilities")


async def by_kserve(inputs):
    client = kserve.InferenceRESTClient(kserve.RESTConfig(protocol="v2", retries=0))
    url = f"http://{host}"
    assert await client.is_server_live(url) and await client.is_server_ready(url)
    assert await client.is_model_ready(url, model)
    asked = []
    for name, values, datatype in inputs:
        asked.append(kserve.InferInput(name, list(values.shape), datatype))
        asked[-1].set_data_from_numpy(values, binary_data=False)
    answer = await client.infer(url, kserve.InferRequest(model, asked, request_id="two"), model_name=model)
    assert (answer.id, answer.model_name) == ("two", model)
    label, probabilities = answer.outputs
    return label.as_numpy(), probabilities.as_numpy()


def text(label):
    return label.decode() if isinstance(label, bytes) else str(label)


forms = [tensors([-1]), tensors([-1, 1])]
# Numbers may also come as one tensor.
if all(kind(values)[0] != "BYTES" for values in columns.values()):
    forms.append(matrix())
answers = [answer for form in forms for answer in (by_triton(form), asyncio.run(by_kserve(form)))]
print(json.dumps([[[text(label) for label in labels], shares.tolist()] for labels, shares in answers]))
