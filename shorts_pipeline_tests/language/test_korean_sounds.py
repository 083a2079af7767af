"""Hangul as it is said, by the articles of the Standard Pronunciation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.language.korean_sounds import pronounced
from shorts_pipeline.language.tables import paired

SAID = {
    "liaison": "꽃이=꼬치 옷을=오슬 값이=갑씨 앉아=안자 닭을=달글 넋이=넉씨 없어요=업써요 있어요=이써요 부엌에=부어케",
    "final consonants": "꽃=꼳 부엌=부억 넓다=널따 밟는=밤는 삶=삼 닭=닥 값=갑 여덟=여덜",
    "silent h": "좋다=조타 많소=만쏘 놓는=논는 싫네=실레 싫어=시러 않고=안코",
    "aspirates": "입학=이팍 축하=추카 맏형=마텽 밝혔=발켣",
    "palatalisation": "굳이=구지 같이=가치 닫히다=다치다 붙여=부처",
    "nasalisation": "국물=궁물 밥먹는=밤멍는 협력=혐녁 독립=동닙 대통령=대통녕 늘었습니다=느럳씀니다 음료=음뇨",
    "liquids": "신라=실라 관련=괄련 칼날=칼랄 권력=궐력 생산량=생산냥 온라인=온나인 설날=설랄",
    "tense consonants": "먹다=먹따 결정=결쩡 발전=발쩐 출시=출씨 읽고=일꼬 핥다=할따 알다=알다 말도=말도 서울시=서울시",
    "vowels": "회의의=회이에 나의=나에 의사=의사 희망=히망 가져=가저 계획=게획 예산=예산",
    "compounds": "물가=물까 조건=조껀 인기=인끼 십육=심뉵 금융=그뮹 서울역=서울력 제주가=제주가 일자리=일짜리",
}


@pytest.mark.parametrize(("written", "said"), [pair for row in SAID.values() for pair in paired(row).items()])
def test_a_word_is_said_as_the_standard_has_it(written: str, said: str) -> None:
    assert pronounced(written) == said


def test_a_noun_after_a_verb_in_l_is_tense() -> None:
    assert pronounced("할 것 같은데 쓸 수 없습니다") == "할 껃 가튼데 쓸 쑤 업씀니다"


@given(
    st.text(
        st.one_of(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), st.sampled_from(" .,!?aA1")), max_size=30
    )
)
def test_any_text_keeps_its_words_and_marks_and_has_only_the_seven_final_consonants(text: str) -> None:
    said = pronounced(text)
    assert len(said.split()) == len(text.split())
    finals = {(ord(character) - 0xAC00) % 28 for character in said if "가" <= character <= "힣"}
    assert finals <= {0, 1, 4, 7, 8, 16, 17, 21}
