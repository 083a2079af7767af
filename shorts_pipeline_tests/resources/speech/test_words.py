"""From what is spoken back to what is written."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shorts_pipeline.resources.speech.words import Event, spelled, timed


def test_a_figure_spelled_out_in_several_words_keeps_its_place() -> None:
    sentence = spelled("수출이 24.3% 늘었다.", "ko")
    assert sentence.written == ("수출이", "24.3%", "늘었다.")
    assert sentence.spoken[sentence.starts[2] :] == "늘었다."


def test_heard_words_keep_their_times_and_the_others_share_what_is_left() -> None:
    sentence = spelled("one two three four", "en")
    events = [Event(0, 1.0), Event(sentence.starts[3], 2.5)]
    words = timed(sentence, events, 1.0, 3.0)
    assert [word.start for word in words] == pytest.approx([1.0, 1.4, 1.8, 2.5], abs=0.1)
    assert words[-1].end == 3.0


def test_events_that_go_back_in_time_are_not_believed() -> None:
    sentence = spelled("one two three", "en")
    words = timed(sentence, [Event(0, 0.0), Event(4, 1.8), Event(8, 0.3)], 0.0, 2.0)
    assert all(a.start <= b.start for a, b in pairwise(words))


WRITTEN = ["160억", "AI", "반도체", "3nm", "$5", "SK하이닉스의", "2027년", "늘었다.", "%", "—"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(WRITTEN),
        min_size=1,
    ),
    st.lists(st.tuples(st.integers(0, 80), st.floats(0, 12)), max_size=12),
    st.sampled_from(["ko", "en"]),
)
def test_whatever_an_engine_reports_words_stay_in_order_and_in_bounds(
    words: list[str], heard: list[tuple[int, float]], language: str
) -> None:
    text = " ".join(words)
    found = timed(spelled(text, language), [Event(at, start) for at, start in heard], 1.0, 9.0)
    assert [word.text for word in found] == words
    assert all(1.0 <= word.start <= word.end <= 9.0 for word in found)
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(found))
