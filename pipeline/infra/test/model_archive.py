"""Loads a model.tar.gz as the XGBoost container of SageMaker does, and prints what it holds and scores as JSON.

    python model_archive.py model.tar.gz check.csv

Every file of the top level that is not hidden is a model (they would be averaged); pickle is tried first.
Source: aws/sagemaker-xgboost-container, algorithm_mode/serve_utils.py, get_loaded_booster.
"""

import csv
import json
import pickle
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy
import xgboost


def loaded(path: Path) -> xgboost.Booster:
    try:
        return pickle.loads(path.read_bytes())
    except Exception:
        booster = xgboost.Booster()
        booster.load_model(str(path))
        return booster


with tempfile.TemporaryDirectory() as folder:
    with tarfile.open(sys.argv[1]) as tar:
        tar.extractall(folder, filter="data")
    top = [path for path in sorted(Path(folder).iterdir()) if path.is_file()]
    boosters = [loaded(path) for path in top if not path.name.startswith(".")]

rows = list(csv.DictReader(open(sys.argv[2])))
names = [name for name in rows[0] if name not in ("margin", "score")]
values = [[float(row[name] or "nan") for name in names] for row in rows]
# The container parses CSV into a matrix without names.
matrix = xgboost.DMatrix(numpy.array(values, dtype=numpy.float32))
scores = boosters[0].predict(matrix, validate_features=False)
print(
    json.dumps(
        {
            "xgboost": xgboost.__version__,
            "models": [path.name for path in top],
            "features": boosters[0].num_features(),
            "columns": len(names),
            "scores": [float(score) for score in scores],
            "wanted": [float(row["score"]) for row in rows],
        }
    )
)
