import pytest
from hypothesis import given
from hypothesis import strategies as st

from shorts_pipeline.database.documents import CommunicationStyle
from shorts_pipeline.scripts.endings import adapted, is_whole, split_in_two
from shorts_pipeline.scripts.style import in_manner

CHANGED = [
    ("정부는 반도체 지원법을 통과시켰다.", "통과시켰습니다.", "통과시켰어요.", "통과시켰어."),
    ("그는 전문가다.", "전문가입니다.", "전문가예요.", "전문가야."),
    ("이것은 새 모델이다.", "모델입니다.", "모델이에요.", "모델이야."),
    ("가격은 30% 낮다.", "30% 낮습니다.", "30% 낮아요.", "30% 낮아."),
    ("점유율은 50%다.", "50%입니다.", "50%예요.", "50%야."),
    ("핵심은 AI다.", "AI입니다.", "AI예요.", "AI야."),
    ("계획이 아니다.", "아닙니다.", "아니에요.", "아니야."),
    ("올해 안에 출시할 예정.", "예정입니다.", "예정이에요.", "예정이야."),
    ("수출이 늘어난 것으로 나타남.", "나타납니다.", "나타나요.", "나타나."),
    ("“투자를 늘리겠다”고 말했다.", "고 말했습니다.", "고 말했어요.", "고 말했어."),
    ("새 공장을 지었다.", "지었습니다.", "지었어요.", "지었어."),
    ("무엇인지 모른다.", "모릅니다.", "몰라요.", "몰라."),
    ("이용자를 돕는다.", "돕습니다.", "도와요.", "도와."),
    ("지켜봐야 한다.", "합니다.", "해요.", "해."),
    ("새 모델이 나왔어요.", "나왔습니다.", "나왔어요.", "나왔어."),
]


@pytest.mark.parametrize(("plain", "formal", "polite", "casual"), CHANGED)
def test_a_sentence_takes_the_endings_of_the_persona(plain, formal, polite, casual):
    for wanted, formality in ((formal, "formal"), (polite, "polite"), (casual, "casual")):
        told = adapted(plain, formality)
        assert told.endswith(wanted)
        assert in_manner(told, CommunicationStyle(formality=formality), "ko")


@pytest.mark.parametrize("sentence", ["수출 증가.", "언제 나올까?", "더 싸졌죠.", "Hello there.", "", "…", "다."])
def test_what_is_not_understood_stays_as_it_is(sentence):
    assert adapted(sentence, "polite") == sentence


def test_only_the_end_changes():
    sentence = "한별반도체는 “연말까지 1만장을 만들겠다”며 3.5조원을 투자했다."
    assert adapted(sentence, "polite")[:-4] == sentence[:-2][: len(adapted(sentence, "polite")) - 4]


@pytest.mark.parametrize(
    ("sentence", "whole"), [("수출이 늘었다.", True), ("출시할 예정.", True), ("수출 7달째 증가", False)]
)
def test_a_headline_without_a_predicate_is_no_sentence(sentence, whole):
    assert is_whole(sentence) is whole


def test_a_long_sentence_of_two_halves_is_told_in_two():
    assert split_in_two("매출은 3조원으로 늘었고, 영업이익은 20% 줄었다.") == (
        "매출은 3조원으로 늘었다.",
        "영업이익은 20% 줄었다.",
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "삼성전자가 3나노 공정을 적용했으며, 성능이 20% 좋아졌다고 밝혔다.",
        "그는 값을 내렸고, 물량도 늘렸다는 점을 강조했다.",
        "비가 온다.",
        "사과, 배, 감을 샀다.",
    ],
)
def test_reported_speech_and_simple_sentences_stay_whole(sentence):
    """Split, the first half would be stated by us instead of by whoever said it."""
    assert split_in_two(sentence) is None


@given(st.text("가나다라했었습니다요은는이 .,?!“”'\"()%AI0123다며고", max_size=40))
def test_no_text_is_too_odd(text):
    for formality in ("formal", "polite", "casual"):
        assert bool(adapted(text, formality).strip()) == bool(text.strip())
    assert isinstance(is_whole(text), bool)
    assert all(half.strip() for half in split_in_two(text) or ())
