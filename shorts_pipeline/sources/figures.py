"""Figures: numbers as sources write them: 1,234 · 20K+ · 2만+ · 1.5M · “추천 12”."""

import math
import re

_FIGURE = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)\s*(천|만|억|[kKmMbB](?![a-zA-Z]))?")
_TIMES = {"": 1, "k": 1e3, "m": 1e6, "b": 1e9, "천": 1e3, "만": 1e4, "억": 1e8}
LARGEST = 1e15
"""More than anything that is counted; beyond it a figure is an id, or nonsense."""


def figure(value: object) -> float | None:
    """The number that a value is, or holds first; None where it holds none. "20K+" and "2만+" are 20,000."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        # An int may be too large for a float: compared first.
        return float(value) if abs(value) <= LARGEST and math.isfinite(value) else None
    if not isinstance(value, str) or (found := _FIGURE.search(value[:200])) is None:
        return None
    number = float(found[1].replace(",", "")) * _TIMES[(found[2] or "").lower()]
    return number if abs(number) <= LARGEST else None
