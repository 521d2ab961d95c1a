"""Writes what the XGBoost container of SageMaker loads: `xgboost-model` at the top, everything else in `meta/`.

Each file at the top would be taken for one more model of an ensemble.
"""

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

import xgboost


def named(booster: xgboost.Booster, names: list, threshold: float, version: str, specification: str) -> None:
    """Writes into the booster what a scorer has to know of it."""
    booster.set_attr(
        feature_specification=specification or None,
        feature_names=json.dumps(names),
        threshold=repr(float(threshold)),
        model_version=version,
    )


def version_of(booster: xgboost.Booster, target: Path) -> str:
    """`mine-1f3a5c7e` of the file `mine.tar.gz`: the name, and the first digits of the SHA-256 of the trees."""
    name = target.name.removesuffix(".gz").removesuffix(".tar")
    return f"{name}-{hashlib.sha256(bytes(booster.save_raw())).hexdigest()[:8]}"


def write_folder(booster: xgboost.Booster, folder: Path, names: list, metrics: str) -> None:
    (folder / "meta").mkdir(parents=True, exist_ok=True)
    booster.save_model(str(folder / "model.ubj"))
    (folder / "model.ubj").replace(folder / "xgboost-model")
    (folder / "meta" / "metrics.json").write_text(metrics, encoding="utf-8")
    (folder / "meta" / "features.json").write_text(json.dumps(names) + "\n", encoding="utf-8")


def pack(folder: Path, target: Path) -> None:
    """The same bytes each time."""
    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_dir():
                continue
            entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
            entry.size, entry.mode = path.stat().st_size, 0o644
            tar.addfile(entry, io.BytesIO(path.read_bytes()))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(tape.getvalue(), mtime=0))
