"""Trains boosters with early stopping, in the ordinary ways, and writes what the scoring container makes of them.

    python early_stopped.py FOLDER      with any xgboost: writes FOLDER/<version>-<way>.json or .ubj, and margins.ndjson

The container scores with the rounds up to the best one: `ntree_limit=best_ntree_limit` up to XGBoost 1.x, `iteration_range`
to `best_iteration` from 2 on.
"""

import json
import sys
from pathlib import Path

import numpy as np
import xgboost

folder = Path(sys.argv[1])
random = np.random.default_rng(5)
table = random.normal(size=(400, 4)).astype(np.float32)
truth = (table[:, 0] + random.normal(size=400) > 1).astype(np.float32)
shown = random.normal(size=(12, 4)).astype(np.float32)
shown[3, 1] = shown[7, 0] = np.nan
settings = {"objective": "binary:logistic", "max_depth": 3, "eta": 0.7, "base_score": 0.5, "seed": 3, "nthread": 1}
train, held = xgboost.DMatrix(table[:250], truth[:250]), xgboost.DMatrix(table[250:], truth[250:])


def margins(booster, path: Path) -> list:
    booster.save_model(path)
    loaded = xgboost.Booster(model_file=path)
    data = xgboost.DMatrix(shown)
    best = getattr(loaded, "best_ntree_limit", None)
    if best is not None:
        return loaded.predict(data, ntree_limit=best, output_margin=True)
    stop = loaded.attr("best_iteration")
    rounds = (0, 0 if stop is None else int(stop) + 1)
    return loaded.predict(data, iteration_range=rounds, output_margin=True)


def ways():
    stopped = xgboost.train(settings, train, 40, evals=[(held, "held")], early_stopping_rounds=8, verbose_eval=False)
    yield "train.json", stopped
    yield "train.ubj", stopped
    yield "whole.json", xgboost.train(settings, train, 5)
    given = {**settings, "n_estimators": 40, "learning_rate": 0.7, "n_jobs": 1, "random_state": 3}
    classifier = xgboost.XGBClassifier(**{key: given[key] for key in given if key not in ("eta", "seed", "nthread")})
    classifier.set_params(early_stopping_rounds=8)
    classifier.fit(table[:250], truth[:250], eval_set=[(table[250:], truth[250:])], verbose=False)
    yield "sklearn.json", classifier.get_booster()


def bits(value) -> str:
    return np.array(value, dtype=">f4").tobytes().hex()


rows = [[bits(value) for value in row] for row in shown]
with open(folder / "margins.ndjson", "a", encoding="utf-8") as out:
    for way, booster in ways():
        name = f"{xgboost.__version__}-{way}"
        found = [bits(value) for value in margins(booster, folder / name)]
        line = {"model": name, "trees": booster.num_boosted_rounds(), "rows": rows, "margins": found}
        out.write(json.dumps(line) + "\n")
