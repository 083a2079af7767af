"""From what is written to what a model is asked to say."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shorts_pipeline.language import spell_out
from shorts_pipeline.resources.speech.english_phonemes import english_phonemes
from shorts_pipeline.resources.speech.kokoro import installed
from shorts_pipeline.resources.speech.phonemes import korean_phonemes

WRITTEN = ["3,000억", "AI", "OpenAI가", "닭을", "읽고", "값이,", "의의", "쌍쌍이", "뷁", "—", "(괄호)", "왜?", "“인용”"]
HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=6)


def vocabulary() -> set[str]:
    return set(json.loads(Path(installed().vocabulary).read_text(encoding="utf-8"))["vocab"])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WRITTEN), HANGUL), min_size=1, max_size=8))
def test_korean_keeps_its_words_and_the_model_knows_every_sound(words: list[str]) -> None:
    spoken = " ".join(spell_out(" ".join(words), "ko").split())
    phonemes = korean_phonemes(spoken)
    assert len(phonemes.split(" ")) == len(spoken.split())
    assert set(phonemes) <= vocabulary()


def test_sounds_meet_across_syllables() -> None:
    assert korean_phonemes("협력") == korean_phonemes("혐녁")
    assert korean_phonemes("값이") == korean_phonemes("갑씨")
    assert korean_phonemes("가다") != korean_phonemes("까따")
    assert korean_phonemes("했습니다") == "hɛsɯmnida"


@pytest.mark.parametrize("text", ["The court ruled, at last, for the plaintiff.", "Nvidia rose three percent!", "Why?"])
def test_english_is_what_the_model_knows_and_clauses_keep_their_marks(text: str) -> None:
    found = english_phonemes(text)
    assert set(found.text) <= vocabulary()
    assert [mark for mark in found.text if mark in ",.!?"] == [mark for mark in text if mark in ",.!?"]
    assert all(text[at - 1 : at].strip() == "" and not found.text[place].isspace() for at, place in found.words)
    assert found.words[0] == (0, 0)


def test_marks_alone_say_nothing() -> None:
    assert english_phonemes("— … !").text == ""
