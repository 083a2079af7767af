"""Which way a series goes, and how sure that is: on clear cases, and on thousands of series made by chance."""

import numpy as np
import pytest

from shorts_pipeline.database import SeriesTrend
from shorts_pipeline.series.trend import SURE, trend

TRIALS = 3000


@pytest.mark.parametrize(
    ("views", "direction"),
    [
        ([], SeriesTrend.STABLE),
        ([100, 200], SeriesTrend.STABLE),
        ([100, 200, 400, 800], SeriesTrend.RISING),
        ([800, 400, 200, 100], SeriesTrend.DECLINING),
        ([100, 100, 100], SeriesTrend.STABLE),
        ([100, 900, 80, 1000, 120, 700], SeriesTrend.STABLE),
        ([1000, 1010, 1020, 1030], SeriesTrend.STABLE),
        ([0, 0, 0, 0], SeriesTrend.STABLE),
    ],
)
def test_a_trend_is_a_slope_that_is_large_and_sure(views: list[int], direction: SeriesTrend):
    assert trend(views).direction is direction


def shares(episodes: int, growth: float) -> dict[SeriesTrend, float]:
    """How often which trend is said of series whose views are log-normal (sigma 1) and grow by `growth` an episode."""
    chance = np.random.default_rng(episodes)
    middle = np.log(5000) + np.log1p(growth) * np.arange(episodes)
    said = [trend(chance.lognormal(middle, 1.0).astype(int).tolist()).direction for _ in range(TRIALS)]
    return {direction: said.count(direction) / TRIALS for direction in SeriesTrend}


@pytest.mark.parametrize("episodes", [3, 5, 10, 20])
def test_of_series_that_go_nowhere_at_most_one_in_ten_is_said_to_go_somewhere(episodes: int):
    said = shares(episodes, 0.0)
    assert said[SeriesTrend.RISING] + said[SeriesTrend.DECLINING] <= 0.10


def test_growth_of_a_fifth_an_episode_is_seen_in_twenty_and_never_taken_for_decline():
    said = shares(20, 0.20)
    assert said[SeriesTrend.RISING] >= 0.95
    assert said[SeriesTrend.DECLINING] == 0.0


def test_three_episodes_near_a_line_are_no_trend_yet_and_more_of_them_are():
    """A flat bound of two standard errors called this rising: with one degree of freedom that is 70 %."""
    few = [1000, 1400, 3000]
    assert trend(few).direction is SeriesTrend.STABLE
    assert 0.5 < trend(few).confidence < SURE
    assert trend([1000, 1400, 3000, 4200, 9000]).direction is SeriesTrend.RISING


def test_confidence_grows_with_episodes_and_is_none_without_movement():
    assert trend([100, 200]).confidence == 0.0
    assert trend([100, 100, 100]).confidence == 0.0
    assert trend([100, 200, 400]).confidence == pytest.approx(1.0, abs=0.01)
    short, long = [100, 150, 120, 200], [100, 150, 120, 200, 180, 260, 230, 330]
    assert trend(short).confidence < trend(long).confidence
