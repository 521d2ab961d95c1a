"""Trains and tests on rows of features by the protocol of the Fraud Detection Handbook; prints JSON.

    python protocol.py rows.csv

Seven days of delay, seven to test; cards that were known to be compromised by a day are not tested on it. Trained on the seven days of the
Handbook, and on 28 that end with them: the test is the same, and nothing is learnt that was not reported by then.
The settings were chosen on the windows of VALIDATION: bench/handbook/README.md.
"""

import json
import sys

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score

sys.path.insert(0, str(Path(__file__).parents[2] / "model"))
from fraudstream_model import measures, training  # noqa: E402
from fraudstream_model import rows as row_files  # noqa: E402

DAYS, DELAY, MOST, SEEDS = 7, 7, 100, (0, 1, 2)
SETTINGS = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "subsample": 0.8,
    "colsample_bytree": 0.6,
    "min_child_weight": 2,
    "nthread": 1,
}
# By the days that are trained on: what differs of the settings, and the rounds.
TRAININGS = {7: ({"max_depth": 3, "eta": 0.1}, 100), 28: ({"max_depth": 5, "eta": 0.05}, 300)}
VALIDATION = ("2018-06-20", "2018-06-27", "2018-07-04", "2018-07-11")
TEST = "2018-07-25"
LATER = ("2018-08-08", "2018-08-22", "2018-09-05")
# Looked at once, after the settings of 28 days were chosen.
LAST = ("2018-08-01", "2018-08-15", "2018-08-29")
WINDOWS = {"validation": VALIDATION, "test": (TEST,), "later": LATER, "last": LAST}


def read(path: str) -> pd.DataFrame:
    rows = row_files.read([path])
    rows["day"] = rows["event_ms"] // measures.DAY_MS
    return rows


def first_day(start: str) -> int:
    return pd.Timestamp(start).value // 86_400_000_000_000


def split(rows: pd.DataFrame, start: str):
    """Training rows of seven days and test rows, where training begins with this day."""
    first = first_day(start)
    train = rows[(rows["day"] >= first) & (rows["day"] < first + DAYS)]
    known = set(train.loc[train["is_fraud"] == 1, "card_id"])
    tested = []
    for day in range(first + DAYS, first + 2 * DAYS):
        learnt = rows[rows["day"] == day - 1]
        known |= set(learnt.loc[learnt["is_fraud"] == 1, "card_id"])
        today = rows[rows["day"] == day + DELAY]
        tested.append(today[~today["card_id"].isin(known)])
    return train, pd.concat(tested)


def figures(rows: pd.DataFrame, start: str, days: int) -> dict:
    """Means over the seeds, trained on so many days."""
    _, test = split(rows, start)
    end = first_day(start) + DAYS
    train = rows[(rows["day"] >= end - days) & (rows["day"] < end)]
    settings, rounds = TRAININGS[days]
    # What is the same for all teaches nothing: most features, of columns that the Handbook does not have.
    names = [name for name in row_files.feature_names(rows) if name != "day" and train[name].nunique() > 1]
    found = []
    for seed in SEEDS:
        booster = training.boosted(train, names, {**SETTINGS, **settings, "seed": seed}, rounds)
        scores = training.predict(booster, test, names)
        truth = test["is_fraud"].to_numpy(dtype=bool)
        cards = measures.card_precision(test, truth, scores, MOST)
        found.append((roc_auc_score(truth, scores), average_precision_score(truth, scores), cards))
    auc, precision, cards = np.mean(found, axis=0)
    return {"auc": round(auc, 4), "averagePrecision": round(precision, 4), "cardPrecisionAt100": round(cards, 4)}


def main(path: str) -> None:
    rows = read(path)
    found = [
        {"trainedOnDays": days, "purpose": purpose, "window": start, **figures(rows, start, days)}
        for days in TRAININGS
        for purpose, starts in WINDOWS.items()
        for start in starts
    ]
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
