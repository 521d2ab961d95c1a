"""Writes fixtures/quality/vectors.json: scores, labels, and what scikit-learn says of them.

Usage: python test/python/quality.py > fixtures/quality/vectors.json
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import metrics

sys.path.append(str(Path(__file__).parents[2] / "model"))
import measures  # noqa: E402

THRESHOLD = 0.5
rng = np.random.default_rng(7)


def case(name, labels, scores):
    labels = np.asarray(labels)
    scores = np.asarray(scores, dtype=float)
    predicted = scores >= THRESHOLD
    tn, fp, fn, tp = metrics.confusion_matrix(labels, predicted, labels=[0, 1]).ravel()
    rates, recalls, _ = metrics.roc_curve(labels, scores, drop_intermediate=False)
    return {
        "name": name,
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "expected": {
            "truePositives": int(tp),
            "falsePositives": int(fp),
            "falseNegatives": int(fn),
            "trueNegatives": int(tn),
            "precision": metrics.precision_score(labels, predicted, zero_division=np.nan),
            "recall": metrics.recall_score(labels, predicted),
            "f1": metrics.f1_score(labels, predicted),
            "averagePrecision": metrics.average_precision_score(labels, scores),
            "rocAuc": metrics.roc_auc_score(labels, scores),
            "recallAt1": float(recalls[rates <= 0.01].max()),
            "cost": float(fn * 100 + fp * 3),
        },
    }


def random_set(number):
    """A set of any size, share of frauds and coarseness, with the cards of a few days."""
    count = int(rng.integers(20, 400))
    labels = (rng.random(count) < rng.choice([0.02, 0.1, 0.5])).astype(int)
    labels[:2] = [0, 1]
    scores = np.clip(rng.normal(0.3 + 0.3 * labels, 0.2), 0, 1)
    scores = np.round(scores, int(rng.choice([1, 2, 7])))
    made = case(f"random set {number}", labels, scores)
    cards = [f"card-{card}" for card in rng.integers(0, 200, count)]
    days = rng.integers(20_000, 20_004, count)
    rows = pd.DataFrame({"event_ms": days * measures.DAY_MS, "card_id": cards})
    precision = measures.card_precision(rows, labels == 1, scores, 100)
    found = (labels == 1).sum()
    costs = {
        float(score): (found - ((scores >= score) & (labels == 1)).sum()) * 100 + ((scores >= score) & (labels == 0)).sum() * 3
        for score in np.unique(scores)
    }
    made["cards"], made["days"] = cards, days.tolist()
    made["expected"]["bestCost"] = float(min([*costs.values(), found * 100]))
    made["expected"]["cardPrecision"] = precision
    return made


def blurred(count, share, decimals):
    labels = (rng.random(count) < share).astype(int)
    scores = np.clip(rng.normal(0.3 + 0.3 * labels, 0.2), 0, 1)
    return labels, np.round(scores, decimals)


cases = [
    case("rare frauds, no equal scores", *blurred(1500, 0.02, 12)),
    case("many equal scores", *blurred(1000, 0.1, 1)),
    case("scores of two decimals", *blurred(1000, 0.3, 2)),
    case("all scores equal", [0, 1, 0, 0, 1], [0.5] * 5),
    case("perfect", [0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]),
    case("the wrong way round", [1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9]),
    case("a single fraud", [0] * 200 + [1], list(np.round(rng.random(201), 3))),
    case("nothing reaches the threshold", [0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4]),
]
cases += [random_set(number) for number in range(100)]
print(json.dumps(cases).replace("NaN", "null"))
