"""The pure parts: which cluster is which series, what a new story continues, what did well."""

from uuid import UUID

import numpy as np

from shorts_pipeline.series.detect import Cluster
from shorts_pipeline.series.identity import identify
from shorts_pipeline.series.likeness import Compared
from shorts_pipeline.series.match import continuations, members
from shorts_pipeline.series.stories import Story, did_well

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


def test_a_story_continues_the_series_it_is_most_like_if_it_is_like_enough():
    """Its likeness is measured by how like the stories of the series are one another."""
    stories = [
        *(Story(UUID(int=n), "a", (), (), A) for n in (1, 2)),
        *(Story(UUID(int=n), "b", (), (), B) for n in (3, 4)),
        Story(UUID(int=5), "new", (), (), None),
    ]
    alike = np.eye(5)
    alike[0, 1] = alike[1, 0] = 0.5
    alike[2, 3] = alike[3, 2] = 0.2
    alike[4, :4] = alike[:4, 4] = [0.36, 0.36, 0.16, 0.16]
    compared = Compared("model", alike, np.zeros((5, 1)), {}, [frozenset()] * 5, {})
    new = UUID(int=5)
    assert continuations(stories, compared, {A: 0.6, B: 0.6}) == {new: B}
    assert continuations(stories, compared, {A: 0.6}) == {new: A}
    assert continuations(stories, compared, {A: 0.65, B: 0.75}) == {}
    assert continuations(stories, compared, {}) == {}


def test_what_was_only_matched_measures_no_one():
    stories = [
        *(Story(UUID(int=n), "told", (), (), A, views=10) for n in (1, 2)),
        Story(UUID(int=3), "matched", (), (), A),
    ]
    assert members(stories) == {A: [0, 1]}
    assert members(stories[2:]) == {A: [0]}


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
