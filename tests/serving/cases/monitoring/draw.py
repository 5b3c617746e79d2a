"""Draws a dashboard from its own JSON: each panel's queries, asked of a real Prometheus, in the panel's place, unit and style.

draw.py PROMETHEUS DASHBOARD.json PICTURE.png SECONDS RATE_INTERVAL
"""

import json
import math
import re
import sys
import time
import urllib.parse
import urllib.request

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib import dates
from matplotlib.ticker import FuncFormatter, LogLocator, MultipleLocator

BACK, PANEL, EDGE, TEXT, DIM, GRID = "#111217", "#181b1f", "#2c3235", "#d8d9da", "#9fa7b3", "#2a2e33"
COLOURS = ["#7eb26d", "#eab839", "#6ed0e0", "#ef843c", "#e24d42", "#1f78c1", "#ba43a9", "#705da0", "#508642", "#cca300"]
NAMED = {"green": "#73bf69", "red": "#f2495c"}


def ask(base, path, **query):
    with urllib.request.urlopen(f"{base}/api/v1/{path}?{urllib.parse.urlencode(query)}") as answer:
        return json.load(answer)["data"]["result"]


def short(value, steps, base):
    for unit in steps:
        if abs(value) < base or unit == steps[-1]:
            return f"{value:.3g}{unit}" if abs(value) < 1000 else f"{value:.0f}{unit}"
        value /= base


def shown(value, unit):
    if unit == "percentunit":
        return f"{100 * value:.3g} %"
    if unit == "bytes":
        return short(value, [" B", " KiB", " MiB", " GiB", " TiB"], 1024)
    if unit == "s":
        if value == 0:
            return "0 s"
        for factor, name in ((1e-6, "µs"), (1e-3, "ms"), (1, "s"), (60, "min"), (3600, "h"), (86400, "d")):
            limit = {"µs": 1e-3, "ms": 1, "s": 120, "min": 7200, "h": 2 * 86400}.get(name, float("inf"))
            if abs(value) < limit:
                return f"{value / factor:.3g} {name}"
    return short(value, ["", " K", " M"], 1000) + {"reqps": " req/s", "wps": " rows/s"}.get(unit, "")


def ticks(top, unit):
    """Round steps in the unit that the axis shows."""
    factor = 100 ** -1 if unit == "percentunit" else 1
    if unit == "bytes":
        factor = next(1024**power for power in (4, 3, 2, 1, 0) if top >= 1024**power or power == 0)
    if unit == "s":
        factor = next((size for size in (86400, 3600, 60, 1, 1e-3) if top >= 2 * size), 1e-6)
    wanted = top / factor / 4
    size = 10 ** math.floor(math.log10(wanted)) if wanted > 0 else 1
    step = next(step for step in (1, 2, 2.5, 5, 10) if step * size >= wanted)
    return MultipleLocator(step * size * factor)


def named(target, labels):
    return re.sub(r"{{\s*(\w+)\s*}}", lambda label: labels.get(label[1], ""), target["legendFormat"])


def columns(panel):
    """Names of series that stand beside each other."""
    return max(2, panel["gridPos"]["w"] * 3 // 8)


def lines(axes, panel, series):
    defaults = panel["fieldConfig"]["defaults"]
    style, steps = defaults["custom"], defaults["thresholds"]["steps"]
    moments = [[t / 86400 for t, _ in values] for _, values in series]
    drawn = [[value for _, value in values] for _, values in series]
    if style["stacking"]["mode"] == "normal":
        every = sorted({moment for one in moments for moment in one})
        below = [0.0] * len(every)
        for number, (name, _) in enumerate(series):
            have = dict(zip(moments[number], drawn[number]))
            above = [low + have.get(moment, 0.0) for low, moment in zip(below, every)]
            colour = COLOURS[number % len(COLOURS)]
            axes.fill_between(every, below, above, color=colour, alpha=0.4, linewidth=0)
            axes.plot(every, above, color=colour, linewidth=1.2, label=name)
            below = above
    else:
        for number, (name, _) in enumerate(series):
            colour = COLOURS[number % len(COLOURS)]
            axes.plot(moments[number], drawn[number], color=colour, linewidth=1.4, label=name)
            if style["scaleDistribution"]["type"] == "linear":
                axes.fill_between(moments[number], drawn[number], color=colour, alpha=0.08, linewidth=0)
    if style["scaleDistribution"]["type"] == "log":
        axes.set_yscale("log", base=10)
        axes.yaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5)))
        axes.minorticks_off()
    else:
        if defaults.get("min") is not None:
            axes.set_ylim(bottom=defaults["min"])
            if not any(value for values in drawn for value in values):
                axes.set_ylim(top=1)
        axes.margins(y=0.1)
    top = axes.get_ylim()[1]
    if style["scaleDistribution"]["type"] == "linear":
        axes.yaxis.set_major_locator(ticks(top, defaults["unit"]))
    for step in steps:
        if step["value"] is not None and style["thresholdsStyle"]["mode"] == "line" and step["value"] <= top:
            axes.axhline(step["value"], color=NAMED[step["color"]], linewidth=1, linestyle=(0, (4, 3)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: shown(value, defaults["unit"])))
    axes.xaxis.set_major_locator(dates.AutoDateLocator(minticks=3, maxticks=7))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%H:%M:%S"))
    axes.tick_params(colors=DIM, labelsize=7, length=0)
    axes.grid(color=GRID, linewidth=0.6)
    if series:
        axes.legend(loc="upper left", bbox_to_anchor=(-0.02, -0.13), ncols=columns(panel), fontsize=6.5, frameon=False,
                    labelcolor=TEXT, handlelength=1, columnspacing=1, handletextpad=0.5, borderpad=0)


def numbers(axes, panel, series):
    axes.axis("off")
    defaults, names_only = panel["fieldConfig"]["defaults"], panel["options"]["textMode"] == "name"
    if not series:
        return empty(axes, defaults.get("noValue", "No data"), NAMED["green"], 17)
    for number, (name, values) in enumerate(series):
        value = values[-1][1]
        colour = [step["color"] for step in defaults["thresholds"]["steps"] if step["value"] is None or value >= step["value"]][-1]
        x = (number + 0.5) / len(series)
        size = max(8, 21 - 3 * len(series))
        big = name if names_only else shown(value, defaults["unit"])
        axes.text(x, 0.42, big, ha="center", va="center", color=NAMED[colour], fontsize=size, transform=axes.transAxes)
        if not names_only:
            axes.text(x, 0.86, name, ha="center", va="center", color=DIM, fontsize=7, transform=axes.transAxes)


def empty(axes, text, colour, size):
    axes.axis("off")
    axes.text(0.5, 0.5, text, ha="center", va="center", color=colour, fontsize=size, transform=axes.transAxes)


def main(base, dashboard, picture, seconds, interval):
    board = json.load(open(dashboard))
    now, seconds = time.time(), float(seconds)
    tall = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in board["panels"])
    height = 0.30 * tall + 0.5
    figure = plt.figure(figsize=(15, height), facecolor=BACK, dpi=100)
    figure.text(0.012, 1 - 0.3 / height, board["title"], color=TEXT, fontsize=12, va="center")
    figure.text(0.988, 1 - 0.3 / height, f"last {seconds / 60:.0f} min", color=DIM, fontsize=9, va="center", ha="right")
    for panel in board["panels"]:
        place = panel["gridPos"]
        unit_x, unit_y = 1 / 24, 0.30 / height
        x, w = place["x"] * unit_x, place["w"] * unit_x
        y, h = 1 - 0.5 / height - (place["y"] + place["h"]) * unit_y, place["h"] * unit_y
        gap_x, gap_y = 0.003, 0.045 / height
        frame = figure.add_axes((x + gap_x, y + gap_y, w - 2 * gap_x, h - 2 * gap_y), facecolor=PANEL)
        frame.set(xticks=[], yticks=[])
        for side in frame.spines.values():
            side.set_color(EDGE)
        figure.text(x + gap_x + 0.006, y + h - 0.19 / height, panel["title"], color=TEXT, fontsize=8.5, va="center", weight="bold")
        series = []
        for target in panel["targets"]:
            expr = target["expr"].replace("$__rate_interval", interval).replace("$job", ".+")
            if target["instant"]:
                found = [(one["metric"], [one["value"]]) for one in ask(base, "query", query=expr, time=now)]
            else:
                step = max(1, round(seconds / 240))
                found = [(one["metric"], one["values"]) for one in
                         ask(base, "query_range", query=expr, start=now - seconds, end=now, step=step)]
            series += [(named(target, labels), [(t, float(v)) for t, v in values]) for labels, values in found]
        series.sort()
        is_stat = panel["type"] == "stat"
        left, low, high = (0.01, 0.10, 0.34) if is_stat else (0.052, 0.38 + 0.14 * -(-len(series) // columns(panel)), 0.36)
        axes = figure.add_axes((x + left, y + low / height, w - left - 0.012, h - (low + high) / height), facecolor=PANEL)
        for side in axes.spines.values():
            side.set_visible(False)
        if is_stat:
            numbers(axes, panel, series)
        elif series:
            lines(axes, panel, series)
        else:
            empty(axes, "No data", DIM, 10)
    figure.savefig(picture, facecolor=BACK)
    print(sum(1 for panel in board["panels"]))


main(*sys.argv[1:])
