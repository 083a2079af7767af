"""The pure parts: which cluster is which series, which way a series goes, what a new story continues."""

from uuid import UUID

import pytest

from shorts_pipeline.database import SeriesTrend
from shorts_pipeline.series.detect import Cluster
from shorts_pipeline.series.identity import identify
from shorts_pipeline.series.match import continuations
from shorts_pipeline.series.stories import Story, did_well
from shorts_pipeline.series.trend import trend

A, B = UUID(int=100), UUID(int=200)


def ids(*numbers: int) -> frozenset[UUID]:
    return frozenset(UUID(int=number) for number in numbers)


def a_cluster(*numbers: int) -> Cluster:
    return Cluster(ids(*numbers), "name", (), ())


def test_a_cluster_that_shares_half_of_a_series_is_that_series():
    cluster = a_cluster(1, 2, 3, 4)
    assert identify([cluster], {A: ids(1, 2, 9)}).known == {A: cluster}
    assert identify([cluster], {A: ids(1, 8, 9)}).known == {}


def test_two_clusters_of_one_series_are_not_two_series_unless_enough_is_free():
    large, small = a_cluster(1, 2, 3), a_cluster(4, 5, 6)
    found = identify([large, small], {A: ids(1, 2, 3, 4, 5)})
    assert (found.known, found.new) == ({A: large}, [])
    free = a_cluster(4, 6, 7, 8)
    assert identify([large, free], {A: ids(1, 2, 3, 4)}).new == [(free, ids(6, 7, 8))]


def test_the_larger_overlap_decides_between_two_series():
    cluster = a_cluster(1, 2, 3, 4)
    assert identify([cluster], {A: ids(1), B: ids(2, 3)}).known == {B: cluster}


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
    assert trend(views) is direction


def test_a_story_continues_the_series_it_is_most_like_if_it_is_like_enough():
    import numpy as np

    stories = [
        Story(UUID(int=1), "a", (), (), A),
        Story(UUID(int=2), "b", (), (), B),
        Story(UUID(int=3), "new", (), (), None),
    ]
    alike = np.array([[1.0, 0.1, 0.7], [0.1, 1.0, 0.65], [0.7, 0.65, 1.0]])
    assert continuations(stories, alike, {A: 0.6, B: 0.6}) == {UUID(int=3): A}
    assert continuations(stories, alike, {B: 0.6}) == {UUID(int=3): B}
    assert continuations(stories, alike, {A: 0.8, B: 0.8}) == {}
    assert continuations(stories, alike, {}) == {}


def test_the_better_half_did_well_and_what_has_no_views_did_not():
    stories = [Story(UUID(int=n), "", (), (), None, views=views) for n, views in enumerate([None, 0, 10, 20, 30])]
    assert [story.views for story in did_well(stories)] == [20, 30]
    assert did_well(stories[:2]) == []


def test_a_high_performer_by_the_channels_rule_did_well_though_others_did_better():
    views = [(100, True), (200, False), (300, False)]
    stories = [
        Story(UUID(int=n), "", (), (), None, views=seen, high_performer=high) for n, (seen, high) in enumerate(views)
    ]
    assert [story.views for story in did_well(stories)] == [100, 200, 300]
