import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.topics.normalize import read, understand
from shorts_pipeline.topics.summaries import LONGEST_SUMMARY, plain_text, summarize
from shorts_pipeline_tests.topics.stories import heard

WIRE = (
    "<p>(서울=연합뉴스) 홍길동 기자 = 삼성전자가 3분기 영업이익 10조원을 돌파했다고 30일 밝혔다. "
    "반도체 부문이 3.5% 성장했다.</p>"
    "<p>무단 전재 및 재배포 금지 hong@example.com</p>"
)


def test_a_summary_is_whole_sentences_without_the_newsrooms_frame():
    assert summarize(plain_text(WIRE), "ko") == (
        "삼성전자가 3분기 영업이익 10조원을 돌파했다고 30일 밝혔다. 반도체 부문이 3.5% 성장했다."
    )


@pytest.mark.parametrize(
    "raw",
    [
        "[서울=뉴시스]홍길동 기자 = 본문이 시작된다.",
        "홍길동 기자 = 본문이 시작된다.",
        "[앵커] 본문이 시작된다.",
        "(세종=연합뉴스) 홍길동 김철수 기자 = 본문이 시작된다. (끝)",
    ],
)
def test_korean_datelines_go(raw):
    assert summarize(plain_text(raw), "ko") == "본문이 시작된다."


def test_english_datelines_and_feed_endings_go():
    text = "SEOUL, March 2 (Reuters) - Profit rose 3.5%. Shares jumped. The post Profit appeared first on Example."
    assert summarize(plain_text(text), "en") == "Profit rose 3.5%. Shares jumped."


def test_a_text_that_says_nothing_has_no_summary():
    assert summarize("", "ko") is None
    assert summarize(plain_text("<img src=x>무단 전재 금지"), "ko") is None
    assert understand([read(heard("새 칩 공개", "새 칩 공개."))])[0].summary is None


@given(st.text(max_size=400), st.sampled_from(["ko", "en"]))
def test_a_summary_never_exceeds_its_limit(text, language):
    summary = summarize(plain_text(text), language)
    assert summary is None or 0 < len(summary) <= LONGEST_SUMMARY


def test_a_script_in_a_text_never_reaches_the_summary():
    assert summarize(plain_text("하나다.<script>alert('x. y.')</script> 둘이다."), "ko") == "하나다. 둘이다."
    assert summarize(plain_text("하나다.<script>never closed. Really."), "ko") == "하나다."


def test_hostile_texts_cost_no_time():
    began = time.perf_counter()
    for text in ("<script>" * 3000, "<" * 50_000, "&" * 50_000, "a@" * 20_000, "(" * 20_000, "가" * 50_000):
        summarize(plain_text(text), "ko")
    assert time.perf_counter() - began < 2


def named(title: str, text: str = "") -> dict[str, tuple[str, str]]:
    about = understand([read(heard(title, text))])[0]
    return {entity.name: (entity.type, entity.sentiment) for entity in about.entities}


def test_korean_names_are_found_with_what_they_are():
    found = named("이재명 대통령, 서울시청서 한국은행 총재 만나", "삼성전자 김철수 대표가 횡령 혐의로 구속됐다.")
    assert found["이재명"][0] == "person"
    assert found["한국은행"][0] == "organisation"
    assert found["김철수"] == ("person", "neutral")  # rules do not know what is said of somebody


def test_english_names_are_found_inside_sentences():
    found = named(
        "New Chip Maker Raises Money for Big Plans",
        "The startup Brindlewave was founded by Mr. Theo Brandvik. It works with OpenAI and the Bank of Korea "
        "on GLM-16.",
    )
    assert found["Theo Brandvik"][0] == "person"
    assert {"Brindlewave", "OpenAI", "GLM-16"} <= set(found)
    assert not {"New", "Chip", "Big Plans", "The", "It"} & set(found)


def test_what_everybody_writes_in_capitals_is_no_name():
    assert named("AI 반도체 PC 시장", "AI가 늘었다.") == {}


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Tesla recalls 219,000 vehicles", "", {"Tesla": "organisation"}),
        ("Ferry sinks off Basilan", "", {"Basilan": "place"}),
        ("Yankees in talks to acquire Tarik Skubal", "", {"Yankees": "organisation", "Tarik Skubal": "person"}),
        ("Mayor Dennis Orlowski arrested", "", {"Dennis Orlowski": "person"}),
        ("Federal Reserve Holds Rates Steady, Still Sees Cuts", "", {"Federal Reserve": "organisation"}),
        ("Saka's goal wins it", "Bukayo Saka scored in London.", {"Bukayo Saka": "person", "London": "place"}),
        ("공정거래위원회, 쿠팡이츠에 과징금", "", {"공정거래위원회": "organisation", "쿠팡이츠": "organisation"}),
        ("日총리, 뉴델리 방문", "", {"일본": "place", "뉴델리": "place"}),
        ("펄어비스 신작 '도깨비' 출시", "", {"펄어비스": "organisation", "도깨비": "name"}),
        ("김포발 제주행 여객기 회항", "", {"김포": "place", "제주": "place"}),
        ("고양이 두 마리 구조", "", {}),
    ],
)
def test_names_are_told_by_what_stands_beside_them(title, text, expected):
    assert {name: kind for name, (kind, _) in named(title, text).items()} == expected


def test_keywords_are_the_storys_own_words():
    about = understand([read(heard("삼성전자, AI 반도체 양산", "삼성전자가 반도체를 양산한다."))])[0]
    assert set(about.keywords[:3]) <= {"삼성전자", "반도체", "양산", "AI"}


def test_stories_of_two_languages_are_understood_in_one_batch():
    korean, english = understand([read(heard("반도체 수출 증가")), read(heard("Chip exports rise"))])
    assert "반도체" in korean.keywords
    assert "exports" in english.keywords


def test_the_language_of_the_source_counts_where_letters_do_not_tell():
    assert read(heard("2026 3.5%", raw_language="ko")).headline.language == "ko"
