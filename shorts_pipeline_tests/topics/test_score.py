from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.database.documents.topic_config import PRESETS, ScoreSettings
from shorts_pipeline.topics import score as scoring
from shorts_pipeline.topics.expected import Expected
from shorts_pipeline.topics.score import Signals, explain, retold, score
from shorts_pipeline.topics.trend import Trends, strength_of
from shorts_pipeline.topics.vocabulary import Vocabulary
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL

SHARES = st.floats(0, 1)
SIGNALS = st.builds(
    Signals,
    credibility=SHARES,
    votes=st.none() | SHARES,
    freshness=SHARES,
    trend=st.none() | SHARES,
    relevance=SHARES,
    novelty=SHARES,
    expected=st.none() | st.builds(Expected, standing=SHARES, alike=st.integers(1, 10)),
    sources=st.integers(1, 9),
    series=st.booleans(),
)
SETTINGS = st.sampled_from(sorted(PRESETS)).map(lambda preset: ScoreSettings(preset=preset))
PLAIN = Signals(credibility=0.7, votes=None, freshness=0.5, trend=None, relevance=0.4, novelty=1.0)


@given(SIGNALS, SETTINGS)
def test_the_total_is_the_rounded_sum_of_the_parts_and_the_same_every_time(signals, settings):
    first = score(signals, settings)
    points = sum(part["points"] for part in first.parts["parts"].values())
    assert first.total == min(100, int(points + 0.5))
    assert 0 <= first.total <= 100
    assert all(0 <= value <= 1 for value in (first.source, first.freshness, first.trend, first.relevance))
    assert score(signals, settings) == first


@given(SIGNALS, SETTINGS)
def test_more_of_anything_never_lowers_the_score(signals, settings):
    better = Signals(
        credibility=1, votes=1, freshness=1, trend=1, relevance=1, novelty=1, sources=signals.sources + 1, series=True
    )
    assert score(better, settings).total >= score(signals, settings).total


def test_the_explanation_is_one_line_that_adds_up():
    found = score(PLAIN, ScoreSettings(preset="news"))
    assert explain(found.parts) == (
        "57 = source 14.0 (0.70×20) + votes 2.5 (0.50×5, unknown) + freshness 15.0 (0.50×30)"
        " + trend 5.0 (0.50×10, unknown) + relevance 10.0 (0.40×25) + novelty 10.0 (1.00×10) (news, version 1)"
    )
    assert explain({}) == "not scored"


def test_the_explanation_survives_a_column_that_keeps_no_order():
    parts = score(PLAIN, ScoreSettings()).parts
    turned = {**parts, "parts": dict(reversed(parts["parts"].items()))}
    assert explain(turned) == explain(parts)


def test_another_source_raises_only_its_own_part():
    first = score(PLAIN, ScoreSettings(preset="news"))
    total, parts = retold(first.parts, 3)
    assert (first.total, total) == (57, 64)  # 56.5, and 7.5 of the 10 points for three sources
    assert {name: part for name, part in parts["parts"].items() if name != "multi_source"} == {
        name: part for name, part in first.parts["parts"].items() if name != "multi_source"
    }
    assert retold(parts, 3) == (total, parts)


def test_a_score_of_an_older_version_without_the_part_stays():
    assert retold({"parts": {"freshness": {"points": 20.0}}}, 3)[0] == 20


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_sums_to_one_and_reaches_a_hundred(preset):
    best = Signals(credibility=1, votes=1, freshness=1, trend=1, relevance=1, novelty=1, sources=9, series=True)
    found = score(best, ScoreSettings(preset=preset))
    assert found.total == 100
    assert found.parts["preset"] == preset


def test_a_story_loses_half_its_freshness_in_a_half_life():
    day = timedelta(hours=24)
    assert scoring.freshness(NINE_IN_SEOUL - day, NINE_IN_SEOUL, day) == pytest.approx(0.5)
    assert scoring.freshness(NINE_IN_SEOUL + day, NINE_IN_SEOUL, day) == 1.0


def test_votes_count_by_their_magnitude():
    assert scoring.votes(None, None) is None
    assert scoring.votes(0, None) == 0
    assert scoring.votes(50, None) == pytest.approx(0.63, abs=0.01)
    assert scoring.votes(10_000, 3) == 1.0


def test_novelty_is_measured_from_the_models_own_threshold():
    assert scoring.novelty(0.0, 0.9) == 1
    assert scoring.novelty(0.85, 0.9) == pytest.approx(0.5)
    assert scoring.novelty(0.95, 0.9) == 0


def test_what_stands_in_the_middle_neither_gains_nor_loses_novelty():
    assert scoring.worth_telling(0.4, 0.5) == 0.4


def test_what_does_well_may_be_told_again_and_what_does_badly_is_not_missed():
    assert scoring.worth_telling(0.0, 0.75) == 1
    assert scoring.worth_telling(0.4, 0.625) == pytest.approx(0.7)
    assert scoring.worth_telling(0.4, 0.375) == pytest.approx(0.2)
    assert scoring.worth_telling(1.0, 0.25) == 0


@given(SHARES, SHARES, SHARES)
def test_novelty_stays_a_share_and_grows_with_what_is_expected(novelty, one, other):
    lower, higher = sorted((scoring.worth_telling(novelty, one), scoring.worth_telling(novelty, other)))
    assert 0 <= lower <= higher <= 1
    assert (scoring.worth_telling(novelty, max(one, other))) == higher


def test_the_explanation_says_how_those_like_it_stand():
    found = score(replace(PLAIN, novelty=0.5, expected=Expected(standing=0.625, alike=3)), ScoreSettings(preset="news"))
    assert found.parts["parts"]["novelty"] == {
        "value": 0.75,
        "weight": 10.0,
        "points": 7.5,
        "alike": 3,
        "standing": 0.625,
    }
    assert "+ novelty 7.5 (0.75×10, 3 like it stand at P62) (news" in explain(found.parts)


def test_credibility_takes_the_channels_weights():
    assert scoring.credibility(8, 0.5, 1.0) == pytest.approx(0.4)
    assert scoring.credibility(10, 1.0, 10.0) == 1.0


def test_growth_and_traffic_are_a_trend():
    assert strength_of({"growth": 0.4}, 0.5) == 0
    assert strength_of({"growth": 0.5}, 0.5) == 0.5
    assert strength_of({"growth": 2.0}, 0.5) == 0.75
    assert strength_of({"traffic": 200_000}, 0.5) == 1.0
    assert strength_of({"score": 3}, 0.5) is None


def test_a_story_trends_with_the_term_it_is_about():
    trends = Trends(Vocabulary.plain(["손흥민"]), {"손흥민": 0.8}, watched=True)
    assert trends.of("손흥민 15호 골") == 0.8
    assert trends.of("오늘 날씨") == 0.0
    assert Trends(Vocabulary.plain([]), {}).of("손흥민") is None
