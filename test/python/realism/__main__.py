"""Judges a generated world: is it as hard, and as plain, as a real one? Checks R1 to R13.

Reads transactions with inline labels (NDJSON, in order of time) from the file named first, and what the
world declares of itself (scripts/world-constants.js) from the second. Prints one JSON object:
{check: {"holds": bool, "bound": text, ...values}}. The checks are described in docs/world.md.
"""

import json
import sys

import numpy as np

import columns
import marginals
import models
import velocity


def main() -> None:
    lines, constants = sys.argv[1:3]
    with open(constants, encoding="utf-8") as file:
        declared = json.load(file)
    world = columns.read(lines, declared)
    full = {**world.raw, **velocity.features(world)}
    found = {}
    for judge in (marginals.judge, lambda w, d: models.judge(w, full)):
        found.update(judge(world, declared))
    print(json.dumps(found, indent=1, default=plain))


def plain(value):
    """NumPy's numbers and booleans as JSON's."""
    return round(float(value), 4) if isinstance(value, np.floating) else value.item()


if __name__ == "__main__":
    main()
