"""What scipy and numpy say of the same samples: p-values of the Kolmogorov-Smirnov test over sizes and shifts, and whole comparisons."""

import json

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency, ks_2samp

random = np.random.default_rng(7)


def shifted(m, n, shift):
    """Two combs, the second further by `shift` of its length."""
    said = ks_2samp((np.arange(m) + 0.5) / m, (np.arange(n) + 0.5) / n + shift)
    return {"sizes": [m, n], "difference": round(said.statistic * m * n), "p": said.pvalue}


def deciles(reference, window):
    """Counts over the reference's deciles; a value that is several of them has a bin of its own."""
    edges = np.quantile(reference, np.arange(1, 10) / 10, method="inverted_cdf")
    each, times = np.unique(edges, return_counts=True)
    bounds = sorted([(edge, "right") for edge in each] + [(edge, "left") for edge in each[times > 1]])

    def counts(values):
        values = np.sort(values)
        places = sorted(np.searchsorted(values, edge, side) for edge, side in bounds)
        return np.diff([0, *places, len(values)])

    return counts(reference), counts(window)


def psi(reference, window):
    reference, window = reference / reference.sum(), window / window.sum()
    both = (reference > 0) | (window > 0)
    reference, window = np.maximum(reference[both], 1e-4), np.maximum(window[both], 1e-4)
    return float(np.sum((window - reference) * np.log(window / reference)))


def distances(reference, window):
    return {"psi": psi(reference, window), "jensen_shannon": float(jensenshannon(reference, window, base=2))}


def numbers(reference, window):
    said = ks_2samp(reference, window)
    return {"reference": reference.tolist(), "window": window.tolist(), "statistic": said.statistic, "p": said.pvalue,
            **distances(*deciles(reference, window))}


def words(reference, window):
    rare = (reference + window) * min(reference.sum(), window.sum()) < reference.sum() + window.sum()
    pooled = [np.append(side[~rare], side[rare].sum()) for side in (reference, window)]
    table = np.array([column for column in zip(*pooled) if sum(column)]).T
    said = chi2_contingency(table)
    return {"reference": reference.tolist(), "window": window.tolist(), "statistic": said.statistic, "p": said.pvalue,
            **distances(reference, window)}


sizes = [(1, 1), (3, 200), (120, 200), (614, 154), (614, 614), (5000, 200), (5000, 317), (4000, 5000), (9999, 10000), (10000, 10000),
         (10000, 10001), (120, 20001), (60, 100000), (141, 50000), (160, 30000), (614, 100000), (5000, 20000), (10000, 100000), (10000, 1000000)]
shifts = [0, 0.0003, 0.001, 0.003, 0.006, 0.01, 0.02, 0.03, 0.045, 0.06, 0.09, 0.12, 0.17, 0.22, 0.3, 0.45, 0.55, 0.8, 0.99, 2]


def normal(count, shift=0.0):
    return (random.normal(size=count) + shift).astype(np.float32)


def whole(count, mean):
    return random.poisson(mean, size=count).astype(np.float32)


pairs = [
    *((normal(5000), normal(count, shift)) for count in (200, 500, 6000) for shift in (0, 0.1, 0.5, 1, 6)),
    *((normal(2000), normal(12000, shift)) for shift in (0, 0.02, 0.2)),
    *((whole(5000, 1.2), whole(400, mean)) for mean in (1.2, 1.5, 4)),
    (np.full(5000, 3, np.float32), np.full(300, 3, np.float32)),
    (np.full(5000, 3, np.float32), np.array([3, 2.5, 4] * 100, np.float32)),
    (np.round(normal(5000), 1), np.round(normal(500, 0.3), 1)),
    (np.maximum(normal(5000), 0), normal(500)),
]
tables = [random.multinomial(count, shares) for count in (5000, 200, 10000, 333) for shares in
          ([0.5, 0.5], [0.97, 0.03], [0.2] * 5, [0.6, 0.3, 0.0999, 0.0001], [0.9, 0.1, 0, 0], [0.004] * 50 + [0.8])]
tables = [(one, other) for one in tables for other in tables if len(one) == len(other) and one is not other]
print(json.dumps({
    "combs": [shifted(m, n, shift) for m, n in sizes for shift in shifts],
    "numbers": [numbers(*pair) for pair in pairs],
    "words": [words(*pair) for pair in tables],
}, allow_nan=False))
