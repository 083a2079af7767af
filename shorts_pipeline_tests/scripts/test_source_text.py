import pytest

from shorts_pipeline.scripts.source_text import plain, tellable, without_asides
from shorts_pipeline_tests.scripts.stories import CHIP, LOAN, MEMORY, ROBOT


def texts(article, language="ko"):
    return [sentence.text for sentence in tellable(article, language)]


def test_bylines_addresses_and_the_sites_own_talk_are_left_out():
    told = " ".join(texts(CHIP[1]) + texts(LOAN[1]))
    for gone in ("가온뉴스", "기자", "무단", "@", "http", "관련기사", "카카오톡", "(", "[", "<"):
        assert gone not in told
    assert told.startswith("한별반도체가 3나노 공정을")


def test_english_datelines_and_newsletters_are_left_out():
    told = texts(MEMORY[1], "en")
    assert told[0].startswith("Memory chip prices rose 8%")
    assert told[1] == "Server makers building AI systems bought most of the available supply."
    assert not any(word in " ".join(told) for word in ("Wire", "newsletter", "http", "©", "Read more"))
    assert "credit" not in " ".join(texts(ROBOT[1], "en"))


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("한국은행(BOK)은 금리를 내렸다.", "한국은행은 금리를 내렸다."),
        ("a (b [c] d) e", "a e"),
        ("값 (원) , 그리고", "값, 그리고"),
        ("닫히지 않은 (괄호", "닫히지 않은 (괄호"),
    ],
)
def test_asides_go_and_the_sentence_closes_up(text, bare):
    assert without_asides(text) == bare


def test_a_sentence_that_was_cut_off_is_not_told():
    assert texts("매출이 크게 늘었다. 회사는 올해 안에 새로운 공장을 짓고 사람을 더…") == ["매출이 크게 늘었다."]


def test_headlines_and_fragments_are_not_told():
    assert texts("수출 7개월 연속 증가\n반도체 수출이 일곱 달째 늘었다.") == ["반도체 수출이 일곱 달째 늘었다."]


def test_a_sentence_that_leans_on_the_one_before_says_so():
    first, second, third = tellable("새 칩이 나왔다. 이 칩은 전기를 덜 쓴다고 한다. 하지만 값이 비싸다.", "ko")
    assert (first.leaning, second.leaning, third.leaning) == (False, True, False)
    assert (third.text, third.contrast) == ("값이 비싸다.", True)


def test_a_long_sentence_is_told_in_two_that_share_their_source():
    article = "이번 분기 매출은 3조 2000억원으로 크게 늘었으며, 영업이익은 1년 전보다 20% 줄어든 1200억원이었다."
    first, second = tellable(article, "ko")
    assert (first.text, second.text) == (
        "이번 분기 매출은 3조 2000억원으로 크게 늘었다.",
        "영업이익은 1년 전보다 20% 줄어든 1200억원이었다.",
    )
    assert first.source == second.source == article
    assert not second.leaning


@pytest.mark.parametrize(
    "article", ["", " ", "<p></p>", "<script>alert(1)</script>", "\x00\u200b", "ㅋㅋㅋ", "((", "." * 5000]
)
def test_nothing_to_tell_is_nothing(article):
    assert texts(article) == []


def test_markup_never_reaches_a_sentence():
    article = "<script>v = '값이 올랐다.';</script><p>값이&nbsp;<b>올랐다</b>고 회사가 밝혔다.</p><!-- 숨은 말. -->"
    assert texts(article) == ["값이 올랐다고 회사가 밝혔다."]
    assert "<" not in plain(article)


def test_a_book_is_read_in_a_moment():
    assert 0 < len(texts("오늘 반도체 값이 크게 올랐다고 회사가 밝혔다. " * 20_000)) < 2_000
