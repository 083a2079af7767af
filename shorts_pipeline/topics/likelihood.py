"""Likelihood: how likely two tellings with these features are one story: a logistic model, as data.

`same_story.json` holds what each feature is worth, written by `python bench/deduplicate.py --fit`.
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

FILE = "same_story.json"


def likelihood(features: Mapping[str, float]) -> float:
    """The probability, in [0, 1]; a feature that is not given is 0."""
    weights = _weights()
    total = weights["intercept"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(min(total, 50.0), -50.0)))


@cache
def _weights() -> dict[str, float]:
    found: dict[str, float] = json.loads((files(__package__) / FILE).read_text(encoding="utf-8"))
    return found
