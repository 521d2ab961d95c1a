"""Reads the rows that `fraudstream features` writes: CSV, Parquet or NDJSON, compressed or not."""

from pathlib import Path

import numpy as np
import pandas as pd

from .errors import NO_INPUT, TrainingError

# What a row has besides its features. `event_ms` is made here.
TEXTS = ("transaction_id", "event_time", "card_id", "fraud_scenario")
REQUIRED = ("transaction_id", "event_time", "card_id", "is_fraud")
NO_FEATURES = frozenset((*TEXTS, "event_ms", "is_fraud"))
ENDINGS = (".csv", ".csv.gz", ".parquet", ".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz")


def read(paths: list) -> pd.DataFrame:
    """All labelled rows of the files, in order of time; a folder stands for its files.

    Features are float32, `is_fraud` is 0 or 1, `event_ms` is in milliseconds UTC. Rows without a label are left out;
    how many there were is `attrs["unlabelled"]`.
    """
    tables = [table(path) for path in files_of(paths)]
    first = tables[0]
    for path, other in zip(files_of(paths), tables):
        if list(other.columns) != list(first.columns):
            raise TrainingError(f"{path}: its columns are not those of {files_of(paths)[0]}. Compute both with the same version of fraudstream.")
    rows = pd.concat(tables) if len(tables) > 1 else first
    where = ", ".join(str(path) for path in paths)
    check_columns(rows, where)
    rows["is_fraud"] = labels_of(rows["is_fraud"], where)
    count = len(rows)
    rows = rows[rows["is_fraud"].notna()].copy()
    if len(rows) == 0:
        raise TrainingError(
            f"{where}: none of its {count:,} rows has a label (is_fraud is empty in all). "
            "Give `fraudstream features` --labels FILE, or map a column to is_fraud."
        )
    rows["event_ms"] = instants_of(rows["event_time"], where)
    for name in feature_names(rows):
        # Parsed as float64 and rounded once more, as the container does; the text is the shortest of a float32.
        rows[name] = numbers_of(rows[name], name, where)
    if "fraud_scenario" not in rows:
        rows["fraud_scenario"] = None
    rows = rows.sort_values(["event_ms", "transaction_id"], kind="stable").reset_index(drop=True)
    rows.attrs["unlabelled"] = count - len(rows)
    return rows


def feature_names(rows: pd.DataFrame) -> list:
    """The features, in the order of the columns: that of the model."""
    return [name for name in rows.columns if name not in NO_FEATURES]


def files_of(paths: list) -> list:
    found = []
    for path in map(Path, paths):
        inside = sorted(file for file in path.iterdir() if file.name.endswith(ENDINGS)) if path.is_dir() else [path]
        if not inside:
            raise TrainingError(f"{path} holds no rows ({', '.join(ENDINGS)}). Write some: fraudstream features --out {path}/rows.parquet", NO_INPUT)
        found += inside
    return found


def table(path: Path) -> pd.DataFrame:
    name = path.name.removesuffix(".gz")
    try:
        if name.endswith(".parquet"):
            return pd.read_parquet(path)
        if name.endswith((".ndjson", ".jsonl")):
            return pd.read_json(path, lines=True, dtype=False, convert_dates=False, precise_float=True)
        return pd.read_csv(path, dtype={text: str for text in TEXTS}, engine="c")
    except FileNotFoundError as error:
        raise TrainingError(f"{path} is not there. Write it: fraudstream features --input FILE --out {path}", NO_INPUT) from error
    except ImportError as error:
        raise TrainingError(f"{path}: reading Parquet needs pyarrow. Install it (pip install pyarrow), or write {path.stem}.csv.gz.") from error
    except Exception as error:
        raise TrainingError(f"{path} cannot be read: {error}. Write it with: fraudstream features --out {path}") from error


def check_columns(rows: pd.DataFrame, where: str) -> None:
    missing = [name for name in REQUIRED if name not in rows]
    if missing:
        raise TrainingError(
            f"{where} has no column {', '.join(missing)}: it begins with {', '.join(map(str, rows.columns[:5]))}. "
            "Train on what `fraudstream features` writes."
        )
    if not feature_names(rows):
        raise TrainingError(f"{where} has no column of a feature, only {', '.join(rows.columns)}. Train on what `fraudstream features` writes.")


def labels_of(column: pd.Series, where: str) -> pd.Series:
    """0, 1, or NaN where there is no label."""
    labels = column.map({True: 1.0, False: 0.0, "true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0})
    wrong = column[labels.isna() & column.notna() & (column.astype(str) != "")]
    if len(wrong) > 0:
        raise TrainingError(f"{where}: is_fraud is {wrong.iloc[0]} in row {wrong.index[0] + 1}, and in {len(wrong):,} rows no label. Write 0, 1 or nothing.")
    return labels


def instants_of(column: pd.Series, where: str) -> pd.Series:
    """Milliseconds UTC."""
    form = {"format": "ISO8601"} if column.dtype == object else {}
    times = pd.to_datetime(column, utc=True, errors="coerce", **form)
    wrong = np.flatnonzero(times.isna())
    if len(wrong) > 0:
        seen = column.iloc[wrong[0]]
        raise TrainingError(f"{where}: event_time of transaction number {wrong[0] + 1} is {seen}, which is no instant. Write ISO 8601, such as 2026-01-31T12:00:00Z.")
    return times.dt.as_unit("ms").astype("int64")


def numbers_of(column: pd.Series, name: str, where: str) -> pd.Series:
    try:
        return column.astype(np.float32)
    except (TypeError, ValueError) as error:
        raise TrainingError(f"{where}: the column {name} does not hold numbers alone ({error}). Leave it out, or write numbers.") from error
