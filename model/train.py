"""Trains the fraud model: XGBoost on rows of features, in SageMaker script mode or on its own.

Reads what `fraudstream features` wrote and nothing else: no feature is computed here. Writes into --model-dir
what the XGBoost container of SageMaker (1.7-1) loads: `xgboost-model` at the top, and everything else in `meta/`,
because each file at the top would be taken for one more model of an ensemble.

    python train.py --train rows/ --model-dir out/model --output-data-dir out/data

Without arguments the directories are those of SageMaker (SM_CHANNEL_TRAIN, SM_MODEL_DIR, SM_OUTPUT_DATA_DIR).
"""

import argparse
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost

import baselines
import measures

# Shares of the rows, by time: the first have no past yet, and labels of the last before a cut are not reported yet.
TRAIN, VALIDATION, TEST = (0.08, 0.55), (0.6, 0.72), (0.75, 1.0)
CHECKED = 200
NO_FEATURES = {"transaction_id", "event_time", "event_ms", "card_id", "is_fraud", "fraud_scenario"}


def main() -> None:
    given = arguments()
    rows = read(Path(given.train))
    names = [name for name in rows.columns if name not in NO_FEATURES]
    train, validation, test = (part(rows, *share) for share in (TRAIN, VALIDATION, TEST))
    booster = fit(train, names, given)
    scores = predict(booster, validation, names)
    threshold = measures.cheapest_threshold(validation, scores, given.review_cost)
    tested = predict(booster, test, names)
    found = {
        "model": measures.of(test, tested, threshold, given.review_cost),
        "model_on_validation": measures.of(validation, scores, threshold, given.review_cost),
        "per_scenario": per_scenario(test, tested, threshold),
        "calibration": measures.calibration(test["is_fraud"].to_numpy(bool), tested),
        **baselines.of(train, test, names, threshold, given, fit, predict),
    }
    write(booster, names, threshold, found, rows, given)
    print(json.dumps({name: round(found["model"][name], 4) for name in ("average_precision", "roc_auc")}))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN", "rows"))
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR", "out/model"))
    parser.add_argument("--output-data-dir", default=os.environ.get("SM_OUTPUT_DATA_DIR", "out/data"))
    parser.add_argument("--feature-specification", default="unknown", help="names the definitions of the features")
    parser.add_argument("--model-version", default="unknown")
    parser.add_argument("--num-round", type=int, default=200)
    parser.add_argument("--max-depth", type=int, default=6)
    parser.add_argument("--eta", type=float, default=0.07)
    parser.add_argument("--min-child-weight", type=float, default=4)
    parser.add_argument("--subsample", type=float, default=0.8)
    parser.add_argument("--colsample-bytree", type=float, default=0.6)
    parser.add_argument("--reg-lambda", type=float, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--nthread", type=int, default=4, help="part of the recipe: sums depend on it")
    parser.add_argument("--review-cost", type=float, default=3, help="US dollars of looking into an alarm")
    return parser.parse_args()


def read(folder: Path) -> pd.DataFrame:
    """All rows of all CSV files of the folder, in order of time. Rows without a label are left out."""
    files = sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")]) if folder.is_dir() else [folder]
    if not files:
        raise SystemExit(f"{folder} holds no CSV. Make some with: fraudstream features --count 1M --out {folder}/rows.csv.gz")
    text = {"transaction_id": str, "event_time": str, "card_id": str, "fraud_scenario": str}
    rows = pd.concat([pd.read_csv(file, dtype=text, engine="c") for file in files])
    rows = rows[rows["is_fraud"].notna()]
    rows["event_ms"] = pd.to_datetime(rows["event_time"]).astype("int64") // 1_000_000
    # Parsed as float64 and rounded once more, as the container does; the text is the shortest of a float32.
    for name in rows.columns.difference(list(NO_FEATURES)):
        rows[name] = rows[name].astype(np.float32)
    return rows.sort_values(["event_ms", "transaction_id"], kind="stable").reset_index(drop=True)


def part(rows: pd.DataFrame, start: float, end: float) -> pd.DataFrame:
    return rows.iloc[int(len(rows) * start) : int(len(rows) * end)]


def fit(train: pd.DataFrame, names: list, given) -> xgboost.Booster:
    settings = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_depth": given.max_depth,
        "eta": given.eta,
        "min_child_weight": given.min_child_weight,
        "subsample": given.subsample,
        "colsample_bytree": given.colsample_bytree,
        "lambda": given.reg_lambda,
        # No weights: they would break the calibration.
        "base_score": float(train["is_fraud"].mean()),
        "seed": given.seed,
        "nthread": given.nthread,
    }
    return xgboost.train(settings, matrix(train, names), given.num_round)


def matrix(rows: pd.DataFrame, names: list) -> xgboost.DMatrix:
    label = rows["is_fraud"].to_numpy(dtype=np.float32)
    return xgboost.DMatrix(rows[names].to_numpy(dtype=np.float32), label=label, feature_names=names)


def predict(booster: xgboost.Booster, rows: pd.DataFrame, names: list) -> np.ndarray:
    return booster.predict(matrix(rows, names))


def per_scenario(rows: pd.DataFrame, scores, threshold: float) -> dict:
    """Of each kind of fraud: how many, and the share that raises an alarm."""
    frauds = rows["is_fraud"].to_numpy(dtype=bool)
    kinds = rows["fraud_scenario"].to_numpy(dtype=object)
    found = {}
    for kind in sorted(set(kinds[frauds])):
        here = frauds & (kinds == kind)
        found[kind] = {"frauds": int(here.sum()), "recall": float((scores[here] >= threshold).mean())}
    return found


def write(booster, names, threshold, found, rows, given) -> None:
    booster.set_attr(
        feature_specification=given.feature_specification,
        feature_names=json.dumps(names),
        threshold=repr(float(threshold)),
        model_version=given.model_version,
    )
    folder, extra = Path(given.model_dir), Path(given.output_data_dir)
    (folder / "meta").mkdir(parents=True, exist_ok=True)
    extra.mkdir(parents=True, exist_ok=True)
    booster.save_model(folder / "model.ubj")
    (folder / "model.ubj").rename(folder / "xgboost-model")
    gains = booster.get_score(importance_type="total_gain")
    total = sum(gains.values())
    about = {
        "model_version": given.model_version,
        "feature_specification": given.feature_specification,
        "xgboost": xgboost.__version__,
        "threshold": threshold,
        "review_cost_usd": given.review_cost,
        "rows": len(rows),
        "first": rows["event_time"].iloc[0],
        "last": rows["event_time"].iloc[-1],
        "split": {"train": TRAIN, "validation": VALIDATION, "test": TEST},
        "settings": {key: value for key, value in vars(given).items() if not key.endswith("dir") and key != "train"},
        "importance": {name: gains.get(name, 0.0) / total for name in sorted(names, key=lambda one: -gains.get(one, 0.0))},
        **found,
    }
    text = json.dumps(about, indent=1) + "\n"
    (folder / "meta" / "metrics.json").write_text(text, encoding="utf-8")
    (folder / "meta" / "features.json").write_text(json.dumps(names) + "\n", encoding="utf-8")
    (extra / "metrics.json").write_text(text, encoding="utf-8")
    check(booster, names, rows).to_csv(extra / "check.csv", index=False)


def check(booster, names, rows) -> pd.DataFrame:
    """Rows by which any evaluator can be held to this model: features, margin and score, as texts of float32."""
    frauds = rows["is_fraud"].to_numpy(dtype=bool)
    chosen = pd.concat([rows[frauds].tail(CHECKED // 4), rows[~frauds].tail(CHECKED * 3 // 4)])
    table = chosen[names].astype(np.float32)
    data = matrix(chosen, names)
    table["margin"] = booster.predict(data, output_margin=True)
    table["score"] = booster.predict(data)
    # The shortest text of a float32, not that of the double it is printed as.
    return table.map(lambda value: "" if np.isnan(value) else str(np.float32(value)))


if __name__ == "__main__":
    main()
