"""Trend: which way a series goes, from the views of its episodes at equal age. Pure numbers."""

from collections.abc import Sequence
from math import inf, log1p, sqrt
from statistics import fmean

from shorts_pipeline.database import SeriesTrend

LEAST_EPISODES = 3
# A slope counts when it is this many times its own uncertainty and at least 5 % an episode.
SURE = 2.0
LEAST_SLOPE = 0.05


def trend(views: Sequence[int]) -> SeriesTrend:
    """Rising, stable or declining: the slope of log views over episodes, oldest first."""
    if len(views) < LEAST_EPISODES:
        return SeriesTrend.STABLE
    slope, uncertainty = _line([log1p(one) for one in views])
    times = abs(slope) / uncertainty if uncertainty else inf
    if abs(slope) < LEAST_SLOPE or times < SURE:
        return SeriesTrend.STABLE
    return SeriesTrend.RISING if slope > 0 else SeriesTrend.DECLINING


def _line(values: Sequence[float]) -> tuple[float, float]:
    """Slope of the least-squares line over 0, 1, 2, … and its standard error."""
    count, middle, mean = len(values), (len(values) - 1) / 2, fmean(values)
    spread = sum((x - middle) ** 2 for x in range(count))
    slope = sum((x - middle) * (value - mean) for x, value in enumerate(values)) / spread
    errors = sum((value - mean - slope * (x - middle)) ** 2 for x, value in enumerate(values))
    return slope, sqrt(errors / (count - 2) / spread)
