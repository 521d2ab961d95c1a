"""Trains and tests on rows of features by the protocol of the Fraud Detection Handbook; prints JSON.

    python protocol.py rows.csv

Seven days to train, seven of delay, seven to test; cards that were known to be compromised by a day are not tested on it.
The settings were chosen on the windows of VALIDATION, before those of TEST were looked at: bench/handbook/README.md.
"""

import json
import sys

import numpy as np
import pandas as pd
import xgboost
from sklearn.metrics import average_precision_score, roc_auc_score

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
NO_FEATURES = ("transaction_id", "event_time", "card_id", "is_fraud", "fraud_scenario")


def read(path: str) -> pd.DataFrame:
    rows = pd.read_csv(path, dtype={"card_id": str, "fraud_scenario": str, "transaction_id": str})
    rows["day"] = pd.to_datetime(rows["event_time"]).astype("int64") // 86_400_000_000_000
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


def card_precision(test: pd.DataFrame, scores: np.ndarray) -> float:
    """Of the most suspicious cards of a day, the share that is defrauded on it; found cards are left out later."""
    found, shares = set(), []
    for _, today in test.assign(score=scores).groupby("day"):
        today = today[~today["card_id"].isin(found)]
        cards = today.groupby("card_id").agg(score=("score", "max"), fraud=("is_fraud", "max"))
        top = cards.sort_values("score", ascending=False, kind="stable").head(MOST)
        hits = top.index[top["fraud"] == 1]
        found |= set(hits)
        shares.append(len(hits) / MOST)
    return float(np.mean(shares))


def figures(rows: pd.DataFrame, start: str) -> dict:
    """Means over the seeds."""
    train, test = split(rows, start)
    # What is the same for all teaches nothing: most features, of columns that the Handbook does not have.
    names = [name for name in rows.columns if name not in (*NO_FEATURES, "day") and train[name].nunique() > 1]
    data = xgboost.DMatrix(train[names].to_numpy(np.float32), label=train["is_fraud"])
    found = []
    for seed in SEEDS:
        booster = xgboost.train({**SETTINGS, "seed": seed}, data, ROUNDS)
        scores = booster.predict(xgboost.DMatrix(test[names].to_numpy(np.float32)))
        truth = test["is_fraud"]
        found.append((roc_auc_score(truth, scores), average_precision_score(truth, scores), card_precision(test, scores)))
    auc, precision, cards = np.mean(found, axis=0)
    return {"auc": round(auc, 4), "averagePrecision": round(precision, 4), "cardPrecisionAt100": round(cards, 4)}


def main(path: str) -> None:
    rows = read(path)
    windows = {"validation": VALIDATION, "test": (TEST,), "later": LATER}
    print(json.dumps({name: {start: figures(rows, start) for start in starts} for name, starts in windows.items()}))


if __name__ == "__main__":
    main(sys.argv[1])
