from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.language import spell_out, with_josa

KOREAN = {
    "3.5%": "삼 점 오 퍼센트",
    "2026년 3월": "이천이십육년 삼월",
    "6월 10일, 10월 1일": "유월 십일, 시월 일일",
    "10만 명": "십만 명",
    "1만 명과 1억원": "만 명과 일억원",
    "7만2천원": "칠만이천원",
    "1,234억 원": "천이백삼십사억 원",
    "오후 3시 20분": "오후 세 시 이십분",
    "14:30": "십사시 삼십분",
    "사과 3개, 20명, 35살": "사과 세 개, 스무 명, 서른다섯 살",
    "3개월 3달러": "삼개월 삼달러",
    "$100": "백 달러",
    "3~5%": "삼에서 오 퍼센트",
    "-3.2%": "마이너스 삼 점 이 퍼센트",
    "2026-03-02": "이천이십육년 삼월 이일",
    "010-1234-5678": "공일공 일이삼사 오육칠팔",
    "2:1 승리": "이 대 일 승리",
    "1/2": "이분의 일",
    "AI": "에이아이",
    "GPT-5": "지피티 파이브",
    "5G와 100GB": "파이브지와 백 기가바이트",
    "OpenAI의 iPhone 17": "오픈에이아이의 아이폰 십칠",
    "3번째, 1번째": "세 번째, 첫 번째",
    "美 금리 0.25%p": "미국 금리 영 점 이오 퍼센트포인트",
    "0": "영",
    "10,000,000,000": "백억",
}
ENGLISH = {
    "3.5%": "three point five percent",
    "1,234 people": "one thousand two hundred thirty-four people",
    "in 2026, at last": "in twenty twenty-six, at last",
    "in 2005 and 1900": "in two thousand five and nineteen hundred",
    "$3.5 billion": "three point five billion dollars",
    "$2M": "two million dollars",
    "$3.50 and $1": "three dollars and fifty cents and one dollar",
    "the 21st": "the twenty-first",
    "the 1990s": "the nineteen nineties",
    "3-5 km": "three to five kilometers",
    "2026-03-02": "March second, twenty twenty-six",
    "1/2 and 3/4": "one half and three quarters",
    "10K users": "ten thousand users",
    "GPT-4o": "GPT four o",
    "1,000,000": "one million",
}


def table(language: str) -> list[tuple[str, str]]:
    """Pairs of what is written and how it is read, from the list beside this file."""
    lines = Path(__file__).with_name(f"readings_{language}.txt").read_text(encoding="utf-8").splitlines()
    return [(written, read) for written, _, read in (line.rpartition(" = ") for line in lines)]


@pytest.mark.parametrize(("written", "read"), [*KOREAN.items(), *table("ko")])
def test_korean_figures_are_read_as_a_korean_reads_them(written, read):
    assert spell_out(written, "ko") == read


@pytest.mark.parametrize(("written", "read"), [*ENGLISH.items(), *table("en")])
def test_english_figures_are_read_as_an_english_reader_reads_them(written, read):
    assert spell_out(written, "en") == read


MIXED = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("0123456789.,%$-:/~ 년월일시개명만억AaKGx")),
    max_size=40,
)


@given(MIXED)
def test_nothing_is_left_in_korean_that_a_korean_voice_cannot_read(text):
    assert not regex.search(r"[\p{Nd}A-Za-z]", spell_out(text, "ko"))


@given(MIXED)
def test_nothing_is_left_in_english_that_is_a_digit(text):
    assert not regex.search(r"\p{Nd}", spell_out(text, "en"))


@given(st.integers(0, 10**19))
def test_any_number_can_be_read(number):
    assert spell_out(str(number), "ko")
    assert spell_out(f"{number:,}", "en")


def test_an_absurdly_long_number_is_read_digit_by_digit():
    assert spell_out("1" * 30, "ko") == "일" * 30


def test_other_languages_are_left_alone():
    assert spell_out("3.5%", "ja") == "3.5%"


@pytest.mark.parametrize(
    ("word", "pair", "joined"),
    [("서울", "은/는", "서울은"), ("제주", "은/는", "제주는"), ("AI", "이/가", "AI가"), ("GPT-3", "을/를", "GPT-3를"),
     ("서울", "으로/로", "서울로"), ("부산", "으로/로", "부산으로"), ("!", "과/와", "!와")],
)  # fmt: skip
def test_the_particle_fits_what_is_heard(word, pair, joined):
    assert with_josa(word, pair) == joined
