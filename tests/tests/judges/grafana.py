"""Reads a dashboard by Grafana's own types and writes it again: what got lost is no part of a dashboard."""

import json
import sys

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(ours, theirs, place=""):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            if key in theirs:
                yield from lost(value, theirs[key], f"{place}/{key}")
            else:
                yield f"{place}/{key}"
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs)):
            yield from lost(one, other, f"{place}/{number}")
    elif ours != theirs:
        yield f"{place}: {ours!r} became {theirs!r}"


register_default_plugins()
ours = json.load(sys.stdin)
theirs = json.loads(JSONEncoder().encode(Dashboard.from_json(ours)))
for place in lost(ours, theirs):
    print(place)
