import pytest

from shorts_pipeline.database.documents import CommunicationStyle
from shorts_pipeline.scripts.phrasebook import phrases
from shorts_pipeline.scripts.style import in_manner, style_score

POLITE = CommunicationStyle(formality="polite", sentence_endings=("해요", "입니다"), avoided_styles=("과장",))
FORMAL = CommunicationStyle(formality="formal", sentence_endings=("습니다",))
CASUAL = CommunicationStyle(formality="casual", sentence_endings=("거든", "야"))


@pytest.mark.parametrize(
    ("sentence", "style", "expected"),
    [
        ("값이 올랐어요.", POLITE, True),
        ("오늘의 소식입니다.", POLITE, True),
        ("값이 올랐다.", POLITE, False),
        ("값이 올랐습니다.", FORMAL, True),
        ("값이 올랐거든.", CASUAL, True),
        ("값이 오른 것으로 나타났다.", CASUAL, False),
        ("38.6퍼센트.", FORMAL, None),
        ("정말 충격이에요.", POLITE, False),
    ],
)
def test_endings_tell_whose_sentence_it_is(sentence, style, expected):
    assert in_manner(sentence, style, "ko") is expected


@pytest.mark.parametrize(
    ("sentence", "formality", "expected"),
    [
        ("The figures deserve attention.", "formal", True),
        ("It's gonna be huge!", "formal", False),
        ("It's three euros cheaper.", "polite", True),
        ("This revolutionary app will crush the cloud.", "polite", False),
        ("You can't buy it yet.", "casual", True),
        ("The practice of selling by the bag will be discontinued.", "casual", False),
    ],
)
def test_registers_of_english_are_told_apart(sentence, formality, expected):
    assert in_manner(sentence, CommunicationStyle(formality=formality), "en") is expected


def test_one_slip_in_five_passes_and_one_in_three_does_not():
    said = ["값이 올랐어요."] * 4
    assert style_score([*said, "값이 올랐다."], POLITE, "ko", avoided=0) >= 0.7
    assert style_score([*said[:2], "값이 올랐다."], POLITE, "ko", avoided=0) < 0.7
    assert style_score(said, POLITE, "ko", avoided=2) < 0.7


@pytest.mark.parametrize(
    "name", ["empty_ko", "empty_en", "contracted_en", "slang_en", "hype_ko", "hype_en", "press_en"]
)
def test_no_phrase_is_found_in_an_empty_text(name):
    assert not phrases(name).search("")
    assert not phrases(name).search("x")
