"""The usual container for a model, tuned: FastAPI, pydantic and onnxruntime on uvicorn with uvloop and httptools.

It does what `serving` does for one row of models/diabetes.yaml, and no more than that: key, validation, usual ranges,
probabilities, risk level, metrics, request id. What can be done once is done once; nothing runs in a thread pool.
"""

import hmac
import os
import time
import uuid
from typing import Annotated

import numpy
import onnxruntime
import orjson
import prometheus_client
from fastapi import Depends, FastAPI, HTTPException, Response, Security
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, ConfigDict

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(os.environ["MODEL"], options, providers=["CPUExecutionProvider"])
key = os.environ["API_KEY"].encode()

RANGES = {
    "Pregnancies": (0, 17), "Glucose": (0, 200), "BloodPressure": (0, 122), "SkinThickness": (0, 99),
    "Insulin": (0, 846), "BMI": (0, 67.1), "DiabetesPedigreeFunction": (0, 2.5), "Age": (21, 81),
}  # fmt: skip
LABELS = ("Pas de diabète", "Diabète")

BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0)
requests = prometheus_client.Counter("http_requests", "Requests answered", ["method", "path", "status"])
duration = prometheus_client.Histogram(
    "http_request_duration_seconds", "Time to answer a request", ["method", "path"], buckets=BUCKETS
)
in_flight = prometheus_client.Gauge("http_requests_in_flight", "Requests being answered")
predictions = prometheus_client.Counter("model_predictions", "Rows predicted, by their likeliest class", ["class"])
classes = [predictions.labels(name) for name in ("0", "1")]


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    Pregnancies: int
    Glucose: int
    BloodPressure: int
    SkinThickness: int
    Insulin: int
    BMI: float
    DiabetesPedigreeFunction: float
    Age: int


async def api_key(sent: Annotated[str | None, Security(APIKeyHeader(name="X-API-Key", auto_error=False))]):
    if sent is None or not hmac.compare_digest(sent.encode(), key):
        raise HTTPException(401, "a valid X-API-Key is needed")


app = FastAPI()


@app.get("/health")
async def health():
    return {"status": "healthy", "model_loaded": True}


@app.get("/metrics")
async def metrics():
    return Response(prometheus_client.generate_latest(), media_type=prometheus_client.CONTENT_TYPE_LATEST)


@app.post("/predict", dependencies=[Depends(api_key)])
async def predict(row: Row):
    values = [getattr(row, name) for name in RANGES]
    columns = numpy.array([values], dtype=numpy.float32)
    # By class, as ZipMap gives them.
    share = session.run(["probabilities"], {"input": columns})[0][0][1]
    positive = share > 0.5
    classes[positive].inc()
    level = "Faible" if share < 0.3 else "Modéré" if share < 0.7 else "Élevé"
    answer = {
        "has_diabetes": positive,
        "probability": share,
        "risk_level": level,
        "class": "1" if positive else "0",
        "label": LABELS[positive],
        "probabilities": {"0": 1.0 - share, "1": share},
        "model_name": "diabetes-model",
        "model_version": "1",
    }
    warnings = [
        {"field": name, "message": f"{value} is outside the usual range {low} to {high}"}
        for value, (name, (low, high)) in zip(values, RANGES.items())
        if not low <= value <= high
    ]
    if warnings:
        answer["warnings"] = warnings
    # FastAPI's own encoder measured slower.
    return Response(orjson.dumps(answer), media_type="application/json")


class Observe:
    """Metrics and headers, without the cost of BaseHTTPMiddleware."""

    def __init__(self, app):
        self.app = app
        self.counters = {}

    def counted(self, method, path, status):
        """Looking labels up costs more than counting."""
        if (method, path, status) not in self.counters:
            pair = requests.labels(method, path, status), duration.labels(method, path)
            self.counters[method, path, status] = pair
        return self.counters[method, path, status]

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        start = time.perf_counter()
        status = 500
        own = next((value for name, value in scope["headers"] if name == b"x-request-id"), None)
        in_flight.inc()

        async def sent(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                id = own or uuid.uuid4().hex.encode()
                message["headers"] += [(b"x-request-id", id), (b"x-content-type-options", b"nosniff")]
            await send(message)

        try:
            await self.app(scope, receive, sent)
        finally:
            in_flight.dec()
            count, histogram = self.counted(scope["method"], scope["path"], status)
            count.inc()
            histogram.observe(time.perf_counter() - start)


app.add_middleware(Observe)
