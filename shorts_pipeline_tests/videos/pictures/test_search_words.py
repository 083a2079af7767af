"""What picture libraries are asked for: what the sentence is about, in words they know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.videos.pictures.search_words import MOST, Query, queries


@pytest.mark.parametrize(
    ("sentence", "story", "language", "first"),
    [
        ("메모리 반도체 수출이 늘었습니다.", (), "ko", Query("메모리 반도체", "ko")),
        ("전기차가 많이 팔립니다.", ("배터리",), "ko", Query("electric car charging", "en")),
        ("Memory prices rose because servers need chips.", ("memory",), "en", Query("memory prices", "en")),
        ("그렇습니다.", ("반도체", "수출"), "ko", Query("반도체 수출", "ko")),
        ("The catch is that they buy most of it.", ("memory", "AI"), "en", Query("memory AI", "en")),
        ("That is it.", ("robotaxi",), "en", Query("robotaxi", "en")),
    ],
)
def test_the_sentences_own_words_come_first_and_the_storys_after(
    sentence: str, story: tuple[str, ...], language: str, first: Query
) -> None:
    assert queries(sentence, story, language)[0] == first


def test_korean_is_asked_in_korean_and_in_the_english_words_that_are_known_for_it() -> None:
    asked = queries("메모리 반도체 수출이 늘었습니다.", ("태양광",), "ko")
    assert Query("semiconductor chip", "en") in asked
    assert Query("solar panels", "en") in asked
    assert [query.language for query in asked][:2] == ["ko", "en"]


def test_nobody_is_asked_for_by_name() -> None:
    """A library has pictures of other people, and shows them."""
    asked = queries("Elon Musk and 이재명 met in Seoul.", ("일론 머스크", "윤석열"), "en")
    assert not [query for query in asked if "이재명" in query.words or "윤석열" in query.words]


@given(st.text(max_size=200), st.lists(st.text(max_size=30), max_size=5), st.sampled_from(["ko", "en", "de"]))
def test_whatever_is_said_the_questions_are_few_and_none_is_asked_twice(
    sentence: str, story: list[str], language: str
) -> None:
    asked = queries(sentence, story, language)
    assert len(asked) == len(set(asked)) <= MOST
