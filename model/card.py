"""Writes the model card of metrics.json.

    python card.py metrics.json MODEL_CARD.md
"""

import json
import sys
from pathlib import Path

FIGURES = (
    ("average_precision", "average precision"),
    ("roc_auc", "ROC AUC"),
    ("recall_at_1_percent_false_positives", "recall at 1 % false positives"),
    ("card_precision_at_100", "card precision@100"),
    ("brier", "Brier score"),
    ("expected_calibration_error", "expected calibration error"),
    ("cost_usd", "cost, US dollars"),
)
MODELS = (("model", "this model"), ("without_ip", "without source IP"), ("logistic_regression", "logistic regression"))
# What the check in CI holds the model to: it has to be better by so much average precision.
MARGINS = {"logistic_regression": 0.15, "without_ip": 0.08}


def card(about: dict) -> str:
    windows = about["windows"]
    model = about["model"]
    lines = [
        "# Model card",
        "",
        f"`{about['model_version']}`: gradient boosted trees (XGBoost {about['xgboost']}), which say how likely a card transaction is fraud.",
        "Written by `model/card.py` from `metrics.json`; `npm run model` makes all of it again.",
        "",
        f"- Features: specification `{about['feature_specification']}` (`fixtures/features/manifest.json`), computed by `fraudstream features` alone.",
        f"- Rows: {about['rows']:,} generated transactions, in windows of event time:",
        f"  {window(windows['train'])} to train, {window(windows['validate'])} to choose the threshold,",
        f"  {window(windows['test'])} to test. Between them are gaps, because frauds are reported late;",
        "  rows without a past at the beginning are left out.",
        f"- Threshold {about['threshold']:.4f}: the cheapest on the validation rows, where a missed fraud costs its amount and a review {about['review_cost_usd']} US dollars.",
        "- For load tests and pipelines of generated transactions. It has never seen a real one and says nothing about real cards.",
        "",
        "## On the test rows",
        "",
        "| | " + " | ".join(title for _, title in MODELS) + " |",
        "|-|" + "-|" * len(MODELS),
    ]
    for key, title in FIGURES:
        lines.append(f"| {title} | " + " | ".join(figure(about[name][key]) for name, _ in MODELS) + " |")
    confusion = model["confusion"]
    lines += [
        "",
        f"{model['frauds']} frauds among {model['transactions']:,}. At the threshold: precision {model['precision']:.3f}, recall {model['recall']:.3f};",
        f"{confusion['true_positives']} found, {confusion['false_negatives']} missed, {confusion['false_positives']} false alarms. Without a model: {model['cost_usd_without_model']:,.0f} US dollars.",
        f"CI holds it to at least {MARGINS['logistic_regression']} more average precision than the logistic regression and {MARGINS['without_ip']} more than without source IP.",
        "",
        "| kind of fraud | frauds | recall |",
        "|-|-|-|",
        *(f"| {kind} | {row['frauds']} | {row['recall']:.2f} |" for kind, row in about["per_scenario"].items()),
        "",
        "## Calibration",
        "",
        "| mean score | share of frauds | transactions |",
        "|-|-|-|",
        *(f"| {score:.3f} | {share:.3f} | {count:,} |" for score, share, count in about["calibration"]),
        "",
        "## Importance",
        "",
        "Share of the total gain.",
        "",
        "| feature | share |",
        "|-|-|",
        *(f"| {name} | {share:.3f} |" for name, share in about["importance"].items()),
    ]
    return "\n".join(lines) + "\n"


def window(row: dict) -> str:
    return f"{row['from'][:10]} to {row['until'][:10]} ({row['rows']:,} rows, {row['frauds']:,} frauds)"


def figure(value: float) -> str:
    return f"{value:,.0f}" if value > 10 else f"{value:.4f}"


if __name__ == "__main__":
    about = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(card(about), encoding="utf-8")
