"""What the model has to beat: a logistic regression, and itself without the source IP."""

from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from . import measures
from .training import Recipe, fit, predict


def of(train, test, names: list, threshold: float, review_cost: float, recipe: Recipe) -> dict:
    """Figures of each baseline on the test rows, under its name."""
    without = [name for name in names if not is_of_address(name)]
    blind = predict(fit(train, without, recipe), test, without)
    line = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=1000),
    )
    line.fit(train[names], train["is_fraud"])
    straight = line.predict_proba(test[names])[:, 1]
    return {
        "without_ip": measures.of(test, blind, threshold, review_cost),
        "logistic_regression": measures.of(test, straight, threshold, review_cost),
    }


def is_of_address(name: str) -> bool:
    """True for a feature that needs the source IP."""
    return name.startswith("ip_") or name in ("card_network_is_new", "card_ip_speed_kmh")
