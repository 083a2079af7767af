"""Trends at equal age: found where they are, not claimed where they are not, silent where there is too little."""

import math
import random

import pytest

from shorts_pipeline.performance.ages import Ages
from shorts_pipeline.performance.trends import Direction, trend_at

TRIALS = 1000


def views(chance: random.Random, count: int, *, newest: int = 0, times: float = 1.0) -> list[float]:
    """Log-normal views with σ = 1, oldest first; the `newest` are `times` as good."""
    return [chance.lognormvariate(8.0, 1.0) * (times if place >= count - newest else 1.0) for place in range(count)]


def claims(count: int, direction: Direction, *, newest: int = 0, times: float = 1.0) -> float:
    found = [
        trend_at(7, views(random.Random(seed), count, newest=newest, times=times)).direction for seed in range(TRIALS)
    ]
    return found.count(direction) / TRIALS


@pytest.mark.parametrize("count", [8, 12, 40, 200])
def test_without_a_trend_one_is_claimed_in_no_more_than_one_of_twenty_cases(count: int):
    # 5 % and what a thousand trials waver.
    assert claims(count, Direction.RISING) + claims(count, Direction.DECLINING) <= 0.07


def test_a_trend_is_found_in_its_direction():
    assert claims(40, Direction.RISING, newest=10, times=4.0) > 0.9
    assert claims(40, Direction.DECLINING, newest=10, times=0.25) > 0.9


def test_the_range_holds_the_truth_in_nineteen_of_twenty_cases():
    held = 0
    for seed in range(TRIALS):
        one = trend_at(7, views(random.Random(seed), 40, newest=10, times=2.0))
        assert one.low is not None
        assert one.high is not None
        held += one.low <= 2.0 <= one.high
    assert 0.93 <= held / TRIALS <= 0.97


def test_too_few_uploads_are_not_compared():
    one = trend_at(1, [100.0, 200.0, 300.0, 400.0, 500.0])
    assert (one.direction, one.times, one.median_views) == (Direction.TOO_FEW, None, 300.0)
    assert "too few to compare" in Ages(trends=(one,)).trends_as_markdown()


def test_lately_is_compared_with_before_and_not_with_years_ago():
    one = trend_at(7, [10.0**6] * 100 + [1000.0] * 30 + [2000.0] * 10)
    assert (one.newest, one.earlier, one.direction) == (10, 30, Direction.RISING)
    assert one.times == pytest.approx(2.0, rel=0.01)
    assert "× 2.00 (10 against the 30 before)" in Ages(trends=(one,)).trends_as_markdown()


def test_nothing_seen_is_no_reason_to_fail():
    assert trend_at(1, [0.0] * 10).direction is Direction.NOT_CLEAR
    assert math.isfinite(trend_at(1, [0.0] * 6 + [5.0] * 4).times or math.inf)
