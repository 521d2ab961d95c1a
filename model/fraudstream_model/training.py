"""Gradient boosted trees (XGBoost) on rows of features. No feature is computed here."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xgboost


@dataclass(frozen=True)
class Recipe:
    """How a booster is trained; the names are those of XGBoost."""

    num_round: int = 200
    max_depth: int = 6
    eta: float = 0.07
    min_child_weight: float = 4
    subsample: float = 0.8
    colsample_bytree: float = 0.6
    reg_lambda: float = 5
    seed: int = 7
    # Sums depend on it.
    nthread: int = 4


def fit(train: pd.DataFrame, names: list, recipe: Recipe) -> xgboost.Booster:
    settings = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_depth": recipe.max_depth,
        "eta": recipe.eta,
        "min_child_weight": recipe.min_child_weight,
        "subsample": recipe.subsample,
        "colsample_bytree": recipe.colsample_bytree,
        "lambda": recipe.reg_lambda,
        # No weights: they would break the calibration.
        "base_score": float(train["is_fraud"].mean()),
        "seed": recipe.seed,
        "nthread": recipe.nthread,
    }
    return boosted(train, names, settings, recipe.num_round)


def boosted(train: pd.DataFrame, names: list, settings: dict, rounds: int) -> xgboost.Booster:
    """A booster by settings of XGBoost."""
    return xgboost.train(settings, matrix(train, names), rounds)


def matrix(rows: pd.DataFrame, names: list) -> xgboost.DMatrix:
    label = rows["is_fraud"].to_numpy(dtype=np.float32)
    return xgboost.DMatrix(rows[names].to_numpy(dtype=np.float32), label=label, feature_names=names)


def predict(booster: xgboost.Booster, rows: pd.DataFrame, names: list) -> np.ndarray:
    return booster.predict(matrix(rows, names))


def importances(booster: xgboost.Booster, names: list) -> dict:
    """Share of the total gain of each feature, the largest first."""
    gains = booster.get_score(importance_type="total_gain")
    total = sum(gains.values()) or 1.0
    return {name: gains.get(name, 0.0) / total for name in sorted(names, key=lambda one: -gains.get(one, 0.0))}
