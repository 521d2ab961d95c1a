"""Trains throw-away boosters and writes their margins, for the evaluator to be held against.

Arguments: folder, rows, features, trees, depth, base score; then the same six of the next booster. Writes model.json,
model.ubj, rows.f32 (row by row) and margins.f32, both little-endian float32, to each folder.
"""

import sys

import numpy as np
import xgboost


def train(folder: str, rows: int, features: int, trees: int, depth: int, base_score: float) -> None:
    random = np.random.default_rng(11)
    table = random.normal(size=(rows, features)).astype(np.float32)
    table[:, 0] = np.round(table[:, 0] * 2)
    table[:, 1] *= np.float32(1e6)
    weights = random.normal(size=features)
    odds = np.nan_to_num(table / np.nanstd(table, axis=0)) @ weights - 2
    truth = random.random(rows) < 1 / (1 + np.exp(-odds))
    table[random.random(table.shape) < 0.05] = np.nan
    table[:, 2][random.random(rows) < 0.01] = np.float32("inf")
    table[:, 3][random.random(rows) < 0.01] = np.float32("-0.0")
    settings = {"objective": "binary:logistic", "max_depth": depth, "eta": 0.2, "base_score": base_score, "seed": 3, "nthread": 1}
    learn = slice(0, min(rows, 5_000))
    finite = np.where(np.isinf(table), np.float32(9), table)
    booster = xgboost.train(settings, xgboost.DMatrix(finite[learn], truth[learn]), trees)
    booster.set_attr(model_version="7", threshold="0.25", feature_specification="abc")
    booster.save_model(f"{folder}/model.json")
    booster.save_model(f"{folder}/model.ubj")
    margins = booster.inplace_predict(table, predict_type="margin", missing=np.nan).astype("<f4")
    table.astype("<f4").tofile(f"{folder}/rows.f32")
    margins.tofile(f"{folder}/margins.f32")


words = sys.argv[1:]
for at in range(0, len(words), 6):
    folder, *numbers, base_score = words[at : at + 6]
    train(folder, *map(int, numbers), float(base_score))
