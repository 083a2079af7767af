"""Trends: whether the newest uploads do better than the ones before them had done at the same age. Pure numbers.

Views are log-normal, so that what is compared is the geometric mean, and the answer is "times so many" with the range
in which the truth lies in 19 of 20 cases (Welch's t on log views; Welch 1947). Where that range holds 1, nothing is
claimed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log1p, sqrt
from statistics import fmean, median, variance

from shorts_pipeline.performance.equal_age import AGES, Run

# The newest quarter of the uploads, at most ten, against up to thirty before them: lately against before, not against
# what the channel was years ago.
NEWEST_SHARE = 0.25
MOST_NEWEST = 10
MOST_EARLIER = 30
# Below three on either side a range says nothing.
LEAST_EACH = 3
SURE = 0.95


class Direction(StrEnum):
    """What can be said of the newest uploads."""

    RISING = "rising"
    DECLINING = "declining"
    NOT_CLEAR = "no clear change"
    TOO_FEW = "too few"


@dataclass(frozen=True)
class AgeTrend:
    """The channel at one age: median views, and the newest uploads' views as a multiple of those before."""

    age_days: int
    uploads: int
    median_views: float
    newest: int = 0
    earlier: int = 0
    times: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def direction(self) -> Direction:
        """Rising or declining only where the whole range is on one side of 1."""
        if self.low is None or self.high is None:
            return Direction.TOO_FEW
        if self.low > 1:
            return Direction.RISING
        return Direction.DECLINING if self.high < 1 else Direction.NOT_CLEAR


def trends(runs: Sequence[Run]) -> tuple[AgeTrend, ...]:
    """One for every age of `AGES` that any upload has reached; `runs` in the order they went public."""
    found = []
    for age in AGES:
        views = [counted.views for run in runs if (counted := run.at(age)) is not None]
        if views:
            found.append(trend_at(age, views))
    return tuple(found)


def trend_at(age_days: int, views: Sequence[float]) -> AgeTrend:
    """The newest of `views` (oldest first) against those before them."""
    newest = max(LEAST_EACH, min(MOST_NEWEST, int(len(views) * NEWEST_SHARE)))
    late, early = views[-newest:], views[:-newest][-MOST_EARLIER:]
    middle = float(median(views))
    if len(early) < LEAST_EACH:
        return AgeTrend(age_days, len(views), middle)
    times, low, high = _ratio([log1p(one) for one in late], [log1p(one) for one in early])
    return AgeTrend(age_days, len(views), middle, len(late), len(early), times, low, high)


def _ratio(late: Sequence[float], early: Sequence[float]) -> tuple[float, float, float]:
    """Ratio of the geometric means of two samples of logs, and the ends of its range."""
    # A part of a second to import.
    from scipy.special import stdtrit

    a, b = variance(late) / len(late), variance(early) / len(early)
    distance, error = fmean(late) - fmean(early), sqrt(a + b)
    if not error:
        return exp(distance), exp(distance), exp(distance)
    freedom = (a + b) ** 2 / (a**2 / (len(late) - 1) + b**2 / (len(early) - 1))
    reach = float(stdtrit(freedom, (1 + SURE) / 2)) * error
    return exp(distance), exp(distance - reach), exp(distance + reach)
