"""Runs `fraudstream_model train` on rows that cannot be trained on, in one process; prints [exit code, message] of each case as JSON.

    python train_errors.py MODEL_FOLDER WORK_FOLDER
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from fraudstream_model.__main__ import main  # noqa: E402

os.chdir(sys.argv[2])
HEADER = "transaction_id,event_time,card_id,amount_usd,ip_class,is_fraud,fraud_scenario"


def write(name: str, rows: list, header: str = HEADER) -> str:
    Path(name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return name


def days(label, amount=lambda day: day) -> list:
    return [f"t{day},2026-01-{day:02d}T00:00:00Z,c,{amount(day)},,{label(day)}," for day in range(1, 29)]


good = write("good.csv", days(lambda day: day % 2))
UNTIL = ["--train-until", "2026-01-15"]
CASES = {
    "no labels": [write("unlabelled.csv", days(lambda day: "")), *UNTIL],
    "one class": [write("genuine.csv", days(lambda day: 0)), *UNTIL],
    "frauds alone": [write("frauds.csv", days(lambda day: 1)), *UNTIL],
    "missing columns": [write("other.csv", ["1,2,3"], "time,card,amount"), *UNTIL],
    "no features": [write("bare.csv", ["a,2026-01-01T00:00:00Z,c,1"], "transaction_id,event_time,card_id,is_fraud"), *UNTIL],
    "empty test window": [good, *UNTIL, "--test-from", "2026-03-01"],
    "trained after the rows": [good, "--train-until", "2026-03-01"],
    "trained before the rows": [good, "--train-until", "2025-03-01"],
    "labels not known": [good, *UNTIL, "--test-from", "2026-01-18"],
    "half a window": [good, *UNTIL, "--validate-from", "2026-01-16"],
    "no day": [good, "--train-until", "yesterday"],
    "no delay": [good, *UNTIL, "--label-delay", "7"],
    "no number": [write("text.csv", days(lambda day: day % 2, lambda day: "much")), *UNTIL],
    "no label": [write("label.csv", days(lambda day: 2)), *UNTIL],
    "no instant": [write("instant.csv", ["a,yesterday,c,1,,1,"]), *UNTIL],
    "no file": ["none.csv", *UNTIL],
    "no Parquet": [write("damaged.parquet", ["x"], "PAR1"), *UNTIL],
    "good": [good, *UNTIL, "--nthread", "1"],
}


def outcome(arguments: list) -> list:
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            code = main(["train", *arguments])
        except SystemExit as end:
            code = end.code
    return [code, said.getvalue()]


print(json.dumps({name: outcome(arguments) for name, arguments in CASES.items()}))
