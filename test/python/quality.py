"""Writes fixtures/quality/vectors.json: scores, labels, and what scikit-learn says of them.

Usage: python test/python/quality.py > fixtures/quality/vectors.json
"""

import json

import numpy as np
from sklearn import metrics

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
print(json.dumps(cases).replace("NaN", "null"))
