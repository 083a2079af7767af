"""A script is spoken within its length; what is left out is left out whole."""

from pathlib import Path

import pytest

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import Rejected
from shorts_pipeline.videos.narrate import FASTEST, Voice, narrate
from shorts_pipeline_tests.resources.speech.voices import Hummer

TEN = " ".join(f"{number}번째 문장은 다섯 낱말로 된다." for number in range(10))


def voice(hummer: Hummer) -> Voice:
    return Voice(hummer, "ko", "ko", VoiceSettings())


def test_a_script_that_fits_is_spoken_as_it_is(tmp_path: Path) -> None:
    said = narrate(TEN, voice(Hummer()), target_seconds=20, target=tmp_path / "a.wav")
    assert (said.faster, said.dropped, len(said.sentences)) == (1.0, 0, 10)
    assert said.sentences[3].words[0].text == "3번째"


def test_a_little_too_long_is_spoken_faster(tmp_path: Path) -> None:
    said = narrate(TEN, voice(Hummer()), target_seconds=10, target=tmp_path / "a.wav")
    assert 1 < said.faster < FASTEST
    assert said.dropped == 0
    assert said.duration <= 13.6


def test_far_too_long_loses_whole_sentences_but_keeps_its_end(tmp_path: Path) -> None:
    said = narrate(TEN, voice(Hummer()), target_seconds=5, target=tmp_path / "a.wav")
    assert said.dropped > 0
    assert said.duration <= 5 * 1.35
    assert said.sentences[0].text.startswith("0번째")
    assert said.sentences[-1].text.startswith("9번째")


def test_no_script_passes_three_minutes(tmp_path: Path) -> None:
    said = narrate(TEN * 20, voice(Hummer()), target_seconds=180, target=tmp_path / "a.wav")
    assert said.duration <= 178


def test_one_endless_sentence_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="180"):
        narrate("낱말 " * 900 + "끝.", voice(Hummer()), target_seconds=60, target=tmp_path / "a.wav")


@pytest.mark.parametrize("script", ["", "  \n ", "…!"])
def test_a_script_that_says_nothing_is_refused(script: str, tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="says nothing"):
        narrate(script, voice(Hummer()), target_seconds=60, target=tmp_path / "a.wav")
