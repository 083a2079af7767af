"""Trend: which way a series goes, from the views of its episodes at equal age, and how sure that is. Pure numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p, sqrt
from statistics import fmean

from shorts_pipeline.database import SeriesTrend

LEAST_EPISODES = 3
# Of series that go nowhere at most one in ten may be said to go somewhere: a little under that by design.
SURE = 0.92
# Views that move by less than 5 % an episode are stable, however surely they move.
LEAST_SLOPE = 0.05
# Spread (of log views) below which differences are rounding: equal views have no error to divide by.
_NO_SPREAD = 1e-9


@dataclass(frozen=True)
class Trend:
    """A direction, the change of views an episode (0.2: +22 %, natural logarithm), and the confidence, 0–1.

    The confidence is Student's, two-sided, that views change at all in the direction of the slope: from `SURE` it is a
    trend; a stable series shows how far it is from one.
    """

    direction: SeriesTrend
    slope: float = 0.0
    confidence: float = 0.0


def trend(views: Sequence[int]) -> Trend:
    """The least-squares slope of log views over episodes, oldest first; of three episodes only a clear line is one."""
    if len(views) < LEAST_EPISODES:
        return Trend(SeriesTrend.STABLE)
    slope, error = _line([log1p(one) for one in views])
    confidence = _confidence(slope, error, len(views) - 2)
    if abs(slope) < LEAST_SLOPE or confidence < SURE:
        return Trend(SeriesTrend.STABLE, slope, confidence)
    return Trend(SeriesTrend.RISING if slope > 0 else SeriesTrend.DECLINING, slope, confidence)


def _confidence(slope: float, error: float, freedom: int) -> float:
    if abs(slope) < _NO_SPREAD:
        return 0.0
    if error < _NO_SPREAD:
        return 1.0
    from scipy.special import stdtr

    return float(1 - 2 * stdtr(freedom, -abs(slope) / error))


def _line(values: Sequence[float]) -> tuple[float, float]:
    """Slope of the least-squares line over 0, 1, 2, … and its standard error."""
    count, middle, mean = len(values), (len(values) - 1) / 2, fmean(values)
    spread = sum((x - middle) ** 2 for x in range(count))
    slope = sum((x - middle) * (value - mean) for x, value in enumerate(values)) / spread
    errors = sum((value - mean - slope * (x - middle)) ** 2 for x, value in enumerate(values))
    return slope, sqrt(errors / (count - 2) / spread)
