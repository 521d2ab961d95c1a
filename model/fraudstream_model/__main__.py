"""The command line: python -m fraudstream_model train rows.parquet --train-until DAY."""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost

from . import archive, baselines, measures, report, training
from . import rows as row_files
from .errors import TrainingError
from .windows import duration, instant, text, windows_of

CHECKED = 200
# Of fewer, the threshold is as good as chance.
FEW_FRAUDS = 20


def main(arguments: list = None) -> int:
    given = parser().parse_args(arguments)
    try:
        train(given)
    except TrainingError as error:
        print(f"fraudstream_model: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="python -m fraudstream_model", description="Trains fraud models on the rows that `fraudstream features` writes.")
    commands = whole.add_subparsers(dest="command", required=True)
    train_command = commands.add_parser("train", help="train a model, and report on it", usage="%(prog)s ROWS --train-until DAY [flags]")
    add = train_command.add_argument
    add("rows", nargs="*", default=[os.environ.get("SM_CHANNEL_TRAIN", "rows.parquet")], help="files or folders of rows: CSV, Parquet or NDJSON (default: rows.parquet)")
    windows = train_command.add_argument_group("windows of event time: a day or an instant, UTC; each begins with it or ends before it")
    add = windows.add_argument
    add("--train-from", type=of(instant), metavar="DAY", help="default: the first row")
    add("--train-until", type=of(instant), metavar="DAY", required=True)
    add("--validate-from", type=of(instant), metavar="DAY", help="rows that choose the threshold (default: the last fifth of the training window)")
    add("--validate-until", type=of(instant), metavar="DAY")
    add("--label-delay", type=of(duration), metavar="TIME", default="7d", help="a label is known so long after its transaction (default: 7d)")
    add("--test-from", type=of(instant), metavar="DAY", help="default: as soon as all labels before are known")
    add("--test-until", type=of(instant), metavar="DAY", help="default: the last row")
    output = train_command.add_argument_group("output")
    add = output.add_argument
    add("--out", type=Path, metavar="FILE", default=Path("model.tar.gz"), help="the model, as --model and SageMaker take it (default: model.tar.gz)")
    add("--report", type=Path, metavar="FILE", help="the report, HTML (default: beside the model)")
    add("--model-dir", type=Path, metavar="FOLDER", default=os.environ.get("SM_MODEL_DIR"), help="also write the model unpacked, with its metrics")
    add("--check", type=Path, metavar="FILE", help="also write rows with their scores, CSV")
    add("--model-version", metavar="TEXT", help="model_version of verdicts (default: of the file's name and the trees)")
    add("--feature-specification", metavar="TEXT", help="names the definitions of the features")
    judging = train_command.add_argument_group("figures")
    add = judging.add_argument
    add("--review-cost", type=float, metavar="USD", default=3, help="cost of looking into an alarm (default: 3)")
    add("--card-precision-at", type=int, metavar="CARDS", default=100, help="cards a day that are looked into (default: 100)")
    add("--baselines", action="store_true", help="also measure a logistic regression, and the model without the source IP")
    settings = train_command.add_argument_group("settings of XGBoost")
    for field in fields(training.Recipe):
        settings.add_argument(f"--{field.name.replace('_', '-')}", type=field.type, default=field.default, metavar="N", help=f"default: {field.default}")
    return whole


def of(parse):
    """A type of argparse whose error is what `parse` says."""

    def parsed(value: str):
        try:
            return parse(value)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return parsed


def train(given: argparse.Namespace) -> None:
    rows = row_files.read(given.rows)
    names = row_files.feature_names(rows)
    windows = windows_of(rows, given)
    train_rows, validation, test = (window.of(rows) for window in windows)
    recipe = training.Recipe(**{field.name: getattr(given, field.name) for field in fields(training.Recipe)})
    booster = training.fit(train_rows, names, recipe)
    scores = training.predict(booster, validation, names)
    threshold = measures.cheapest_threshold(validation, scores, given.review_cost)
    tested = training.predict(booster, test, names)
    judged = (threshold, given.review_cost, given.card_precision_at)
    version = given.model_version or archive.version_of(booster, given.out)
    is_priced = measures.has_amounts(validation)
    about = {
        "model_version": version,
        "feature_specification": given.feature_specification,
        "xgboost": xgboost.__version__,
        "threshold": threshold,
        "threshold_rule": "the cheapest on the validation rows" if is_priced else "the one of the best F1 on the validation rows, of which no fraud has an amount in US dollars",
        "review_cost_usd": given.review_cost,
        "cards": given.card_precision_at,
        "rows": len(rows),
        "unlabelled": rows.attrs["unlabelled"],
        "label_delay": f"{given.label_delay / 86_400_000:g} days",
        "windows": {window.name: window_summary(window, rows) for window in windows},
        "settings": vars(recipe),
        "importance": training.importances(booster, names),
        "model": measures.of(test, tested, *judged),
        "model_on_validation": measures.of(validation, scores, *judged),
        "per_scenario": measures.per_scenario(test, tested, threshold),
        "calibration": measures.calibration(test["is_fraud"].to_numpy(bool), tested),
        **(baselines.of(train_rows, test, names, threshold, given.review_cost, recipe) if given.baselines else {}),
    }
    archive.named(booster, names, threshold, version, given.feature_specification)
    write(booster, names, about, rows, given)
    print(summary(about, given))


def window_summary(window, rows: pd.DataFrame) -> dict:
    inside = window.of(rows)
    return {"from": text(window.start), "until": text(window.end), "rows": len(inside), "frauds": int(inside["is_fraud"].sum())}


def write(booster: xgboost.Booster, names: list, about: dict, rows: pd.DataFrame, given: argparse.Namespace) -> None:
    metrics = json.dumps(about, indent=1) + "\n"
    try:
        with tempfile.TemporaryDirectory() as folder:
            archive.write_folder(booster, Path(folder), names, metrics)
            archive.pack(Path(folder), given.out)
        if given.model_dir:
            archive.write_folder(booster, Path(given.model_dir), names, metrics)
        report_path(given).write_text(report.page(about), encoding="utf-8")
        if given.check:
            checked_rows(booster, names, rows).to_csv(given.check, index=False)
    except OSError as error:
        raise TrainingError(f"{error.filename} cannot be written: {error.strerror}.", exit_code=2) from error


def report_path(given: argparse.Namespace) -> Path:
    return given.report or given.out.with_name(given.out.name.removesuffix(".gz").removesuffix(".tar") + ".html")


def checked_rows(booster: xgboost.Booster, names: list, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by which any evaluator can be held to this model: features, margin and score, as texts of float32."""
    frauds = rows["is_fraud"].to_numpy(dtype=bool)
    chosen = pd.concat([rows[frauds].tail(CHECKED // 4), rows[~frauds].tail(CHECKED * 3 // 4)])
    table = chosen[names].astype(np.float32)
    data = training.matrix(chosen, names)
    table["margin"] = booster.predict(data, output_margin=True)
    table["score"] = booster.predict(data)
    # The shortest text of a float32, not that of the double it is printed as.
    return table.map(lambda value: "" if np.isnan(value) else str(np.float32(value)))


def summary(about: dict, given: argparse.Namespace) -> str:
    model = about["model"]
    lines = [f"{name:<8} {row['from']} to {row['until']}: {row['rows']:,} rows, {row['frauds']:,} frauds" for name, row in about["windows"].items()]
    cards = about["cards"]
    few = about["windows"]["validate"]["frauds"]
    return "\n".join(
        [
            *lines,
            f"ROC AUC {model['roc_auc']:.4f}, average precision {model['average_precision']:.4f}, card precision@{cards} {model[f'card_precision_at_{cards}']:.4f}",
            f"Threshold {about['threshold']:.4f}, {about['threshold_rule']}",
            *([f"The validation window has {few} frauds only: give it more rows, or choose the threshold yourself."] if few < FEW_FRAUDS else []),
            f"Model {about['model_version']}: {given.out}; report: {report_path(given)}",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
