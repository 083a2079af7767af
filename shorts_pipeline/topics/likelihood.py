"""Likelihood: how likely two tellings with these features are one story: boosted trees, as data.

`same_story.json` holds them, written by `python bench/deduplicate.py --fit`. A file of numbers and not a pickle: it is
the same under every version of the library that grew the trees, and reading it runs nothing.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

# A leaf is its number; a fork is [feature, threshold, where it is at most that, where it is more].
Node = Any
FILE = "same_story.json"


def likelihood(features: Mapping[str, float]) -> float:
    """The probability, in [0, 1]; a feature that is not given is 0."""
    grown = _grown()
    row = [features.get(name, 0.0) for name in grown["features"]]
    total: float = grown["intercept"] + sum(_leaf(tree, row) for tree in grown["trees"])
    return 1 / (1 + math.exp(-total))


def _leaf(node: Node, row: Sequence[float]) -> float:
    while isinstance(node, list):
        feature, threshold, at_most, more = node
        node = at_most if row[feature] <= threshold else more
    return float(node)


@cache
def _grown() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files(__package__) / FILE).read_text(encoding="utf-8"))
    return found
