"""Trains boosters with early stopping, in the ordinary ways, and writes the margins and scores that the scoring container gives.

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
is_old = tuple(map(int, xgboost.__version__.split(".")[:2])) < (1, 6)
train, held = xgboost.DMatrix(table[:250], truth[:250]), xgboost.DMatrix(table[250:], truth[250:])


def scored(booster, path: Path) -> tuple:
    """Saves a booster, or a classifier of the sklearn API; margins and scores as of the container that loads it."""
    booster.save_model(str(path))
    loaded = xgboost.Booster(model_file=str(path))
    data = xgboost.DMatrix(shown)
    best = getattr(loaded, "best_ntree_limit", None)
    stop = loaded.attr("best_iteration")
    until = {"ntree_limit": best} if best is not None else {"iteration_range": (0, 0 if stop is None else int(stop) + 1)}
    return loaded.predict(data, output_margin=True, **until), loaded.predict(data, **until)


def fitted():
    """A classifier that was stopped early: by a parameter, before XGBoost 1.6 by an argument."""
    given = {**settings, "n_estimators": 40, "learning_rate": 0.7, "n_jobs": 1, "random_state": 3, "use_label_encoder": False}
    left_out = ("eta", "seed", "nthread", *(() if is_old else ("use_label_encoder",)))
    classifier = xgboost.XGBClassifier(**{key: given[key] for key in given if key not in left_out})
    stop = {"early_stopping_rounds": 8}
    if not is_old:
        classifier.set_params(**stop)
    classifier.fit(table[:250], truth[:250], eval_set=[(table[250:], truth[250:])], verbose=False, **(stop if is_old else {}))
    return classifier


def ways():
    stopped = xgboost.train(settings, train, 40, evals=[(held, "held")], early_stopping_rounds=8, verbose_eval=False)
    yield "train.json", stopped
    # XGBoost 1.5 has no UBJSON yet: by that name it saves its binary format, which is refused.
    if not is_old:
        yield "train.ubj", stopped
    yield "whole.json", xgboost.train(settings, train, 5)
    classifier = fitted()
    yield "sklearn.json", classifier.get_booster()
    yield f"classifier.{'json' if is_old else 'ubj'}", classifier


def bits(value) -> str:
    return np.array(value, dtype=">f4").tobytes().hex()


rows = [[bits(value) for value in row] for row in shown]
with open(folder / "margins.ndjson", "a", encoding="utf-8") as out:
    for way, booster in ways():
        name = f"{xgboost.__version__}-{way}"
        margins, scores = ([bits(value) for value in values] for values in scored(booster, folder / name))
        trees = getattr(booster, "get_booster", lambda: booster)().num_boosted_rounds()
        line = {"model": name, "trees": trees, "rows": rows, "margins": margins, "scores": scores}
        out.write(json.dumps(line) + "\n")
