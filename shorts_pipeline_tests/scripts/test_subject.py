import pytest

from shorts_pipeline.scripts.subject import subject
from shorts_pipeline_tests.scripts.stories import BUS, CHIP, LOAN, PRIVACY, ROBOT, a_story


@pytest.mark.parametrize(
    ("told", "language", "about"),
    [
        (CHIP, "ko", "한별반도체"),
        (LOAN, "ko", "전세대출 금리"),
        (BUS, "ko", "서울 자율주행 심야버스"),
        (PRIVACY, "en", "FitTrack"),
        (ROBOT, "en", "Hexa"),
    ],
)
def test_the_subject_is_a_whole_name(told, language, about):
    assert subject(a_story(told, language)) == about


def test_an_english_name_that_only_begins_sentences_is_still_a_name():
    told = (
        "Brindlewave gets 85 million dollars for memory chips",
        "Brindlewave wants memory to think. It sells chips.",
    )
    assert subject(a_story(told, "en")) == "Brindlewave"


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("장보기 앱 '장바구니랩' 해킹에 회원 230만 명 개인정보 유출(종합)", "장바구니랩"),
        ("바름AI, 한국어 언어 모델 오픈 소스로 공개", "바름AI"),
        ("D램 고정 가격 1분기 8.4% 상승…노트북값도 들썩", "D램 고정 가격"),
        ("누리경제연구원 “올해 물가 상승률 2.1%”", "누리경제연구원"),
        ("", ""),
        ("3.5%", ""),
    ],
)
def test_a_quoted_name_or_the_first_nouns_of_a_korean_headline(title, about):
    assert subject(a_story((title, ""), "ko")) == about
