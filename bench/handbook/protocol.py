"""Trains and tests on rows of features by the protocol of the Fraud Detection Handbook; prints JSON.

    python protocol.py rows.csv

Seven days to train, seven of delay, seven to test; cards that were known to be compromised by a day are not tested on it.
The settings were chosen on the windows of VALIDATION, before those of TEST were looked at: bench/handbook/README.md.
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
ROUNDS = 100
SETTINGS = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_depth": 3,
    "eta": 0.1,
    "subsample": 0.8,
    "colsample_bytree": 0.6,
    "min_child_weight": 2,
    "nthread": 1,
}
VALIDATION = ("2018-06-20", "2018-06-27", "2018-07-04", "2018-07-11")
TEST = "2018-07-25"
LATER = ("2018-08-08", "2018-08-22", "2018-09-05")


def read(path: str) -> pd.DataFrame:
    rows = row_files.read([path])
    rows["day"] = rows["event_ms"] // measures.DAY_MS
    return rows


def split(rows: pd.DataFrame, start: str):
    """Training and test rows, where training begins with this day."""
    first = pd.Timestamp(start).value // 86_400_000_000_000
    train = rows[(rows["day"] >= first) & (rows["day"] < first + DAYS)]
    known = set(train.loc[train["is_fraud"] == 1, "card_id"])
    tested = []
    for day in range(first + DAYS, first + 2 * DAYS):
        learnt = rows[rows["day"] == day - 1]
        known |= set(learnt.loc[learnt["is_fraud"] == 1, "card_id"])
        today = rows[rows["day"] == day + DELAY]
        tested.append(today[~today["card_id"].isin(known)])
    return train, pd.concat(tested)


def figures(rows: pd.DataFrame, start: str) -> dict:
    """Means over the seeds."""
    train, test = split(rows, start)
    # What is the same for all teaches nothing: most features, of columns that the Handbook does not have.
    names = [name for name in row_files.feature_names(rows) if name != "day" and train[name].nunique() > 1]
    found = []
    for seed in SEEDS:
        booster = training.boosted(train, names, {**SETTINGS, "seed": seed}, ROUNDS)
        scores = training.predict(booster, test, names)
        truth = test["is_fraud"].to_numpy(dtype=bool)
        cards = measures.card_precision(test, truth, scores, MOST)
        found.append((roc_auc_score(truth, scores), average_precision_score(truth, scores), cards))
    auc, precision, cards = np.mean(found, axis=0)
    return {"auc": round(auc, 4), "averagePrecision": round(precision, 4), "cardPrecisionAt100": round(cards, 4)}


def main(path: str) -> None:
    rows = read(path)
    windows = {"validation": VALIDATION, "test": (TEST,), "later": LATER}
    print(json.dumps({name: {start: figures(rows, start) for start in starts} for name, starts in windows.items()}))


if __name__ == "__main__":
    main(sys.argv[1])
