"""What stories told before promise: likeness by the model's own measure, means that luck does not rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.resources.models.embedder import Thresholds
from shorts_pipeline.topics.expected import expect, likeness

MODEL = Thresholds(same_language=0.9, cross_language=0.85, spread=0.05)
SHARES = st.floats(0, 1)


def test_likeness_rises_from_two_spreads_below_the_same_story():
    assert [likeness(cosine, MODEL) for cosine in (-1.0, 0.7, 0.8)] == [0, 0, pytest.approx(0)]
    assert likeness(0.85, MODEL) == pytest.approx(0.5)
    assert likeness(0.9, MODEL) == likeness(1.0, MODEL) == 1


def test_of_nothing_alike_nothing_is_expected():
    assert expect([]) is None
    assert expect([(0.0, 1.0), (0.0, 0.9)]) is None


def test_one_story_moves_the_mean_little_and_ten_move_it_most_of_the_way():
    one, ten = expect([(1.0, 0.9)]), expect([(1.0, 0.9)] * 10)
    assert one
    assert ten
    assert one.standing == pytest.approx(0.5 + 0.4 / 3)
    assert ten.standing == pytest.approx(0.5 + 0.4 * 10 / 12)
    assert (one.alike, ten.alike) == (1, 10)


@given(st.lists(st.tuples(SHARES, SHARES), max_size=10))
def test_the_mean_lies_between_the_middle_and_the_stories(pairs):
    found = expect(pairs)
    if found is None:
        assert not any(near for near, _ in pairs)
    else:
        standings = [0.5, *(standing for near, standing in pairs if near)]
        assert min(standings) - 1e-9 <= found.standing <= max(standings) + 1e-9
