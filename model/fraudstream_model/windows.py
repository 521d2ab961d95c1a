"""Which rows train, which choose the threshold, and which test: windows of event time."""

import re
from dataclasses import dataclass

import pandas as pd

from .errors import USAGE, TrainingError

UNITS_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
# Of the training window, where no window for the threshold is named: its end.
VALIDATION_SHARE = 0.2


@dataclass(frozen=True)
class Window:
    """Rows from `start` up to, but not including, `end`: milliseconds UTC."""

    name: str
    start: int
    end: int

    def of(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows[(rows["event_ms"] >= self.start) & (rows["event_ms"] < self.end)]

    def __str__(self) -> str:
        return f"{text(self.start)} to {text(self.end)}"


def text(at: int) -> str:
    return pd.Timestamp(at, unit="ms", tz="UTC").isoformat(timespec="seconds" if at % 1000 == 0 else "milliseconds").replace("+00:00", "Z")


def instant(value: str) -> int:
    """Milliseconds UTC of a day or an instant; UTC where no zone is written."""
    try:
        at = pd.Timestamp(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is no day or instant: write 2026-01-31 or 2026-01-31T12:00:00Z") from error
    if at is pd.NaT:
        raise ValueError("write a day or an instant, such as 2026-01-31")
    at = at.tz_localize("UTC") if at.tzinfo is None else at.tz_convert("UTC")
    return at.value // 1_000_000


def duration(value: str) -> int:
    """Milliseconds of 7d, 12h, 30m or 90s."""
    matched = re.fullmatch(r"(\d+(?:\.\d+)?)(s|m|h|d)", value)
    if not matched:
        raise ValueError(f"{value!r} is no duration: write 7d, 12h, 30m or 90s")
    return round(float(matched[1]) * UNITS_MS[matched[2]])


def windows_of(rows: pd.DataFrame, given) -> tuple:
    """The windows that train, choose the threshold and test, by the flags.

    Without a window for the threshold it is the last fifth of the training window, in time. Without --test-from, testing
    begins when the label of the last transaction before it is known: --label-delay later.
    """
    first, last = int(rows["event_ms"].iloc[0]), int(rows["event_ms"].iloc[-1]) + 1
    start = first if given.train_from is None else given.train_from
    train_until = given.train_until
    if start >= train_until:
        raise TrainingError(f"--train-until is {text(train_until)}, and training begins at {text(start)}. Rows are from {text(first)} to {text(last)}.", USAGE)
    validate_from, validate_until = given.validate_from, given.validate_until
    if (validate_from is None) != (validate_until is None):
        raise TrainingError("--validate-from and --validate-until belong together: give both, or neither.", USAGE)
    end = train_until
    if validate_from is None:
        validate_from, validate_until = round(train_until - (train_until - start) * VALIDATION_SHARE), train_until
        end = validate_from
    elif validate_from < train_until:
        raise TrainingError(f"--validate-from is {text(validate_from)}, before --train-until ({text(train_until)}). The threshold is chosen on rows that did not train.", USAGE)
    known = validate_until + given.label_delay
    test_from = known if given.test_from is None else given.test_from
    if test_from < known:
        raise TrainingError(
            f"--test-from is {text(test_from)}, but the labels of transactions before {text(validate_until)} are known only at {text(known)} "
            f"(--label-delay). Test from then on, train until {text(test_from - given.label_delay)}, or give a shorter --label-delay.",
            USAGE,
        )
    test_until = last if given.test_until is None else given.test_until
    windows = (Window("train", start, end), Window("validate", validate_from, validate_until), Window("test", test_from, test_until))
    for window in windows:
        check(window, rows, (first, last))
    return windows


def check(window: Window, rows: pd.DataFrame, span: tuple) -> None:
    """Errors: a window without rows, or with one class alone."""
    labels = window.of(rows)["is_fraud"]
    flags = {"train": "--train-from and --train-until", "validate": "--validate-from and --validate-until", "test": "--test-from and --test-until"}[window.name]
    if len(labels) == 0:
        raise TrainingError(
            f"The {window.name} window ({window}) holds no labelled row: those of the file are from {text(span[0])} to {text(span[1] - 1)}. Move it with {flags}."
        )
    frauds = int(labels.sum())
    if frauds in (0, len(labels)):
        kind = "a fraud" if frauds == 0 else "genuine"
        raise TrainingError(
            f"None of the {len(labels):,} labelled rows of the {window.name} window ({window}) is {kind}: a model needs both classes. "
            f"Make it longer with {flags}, or check the labels."
        )
