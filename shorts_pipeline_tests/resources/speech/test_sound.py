"""What is not speech is refused."""

from pathlib import Path

import pytest

from shorts_pipeline.resources.speech import NarrationFailed, Word, sound
from shorts_pipeline_tests.resources.speech.voices import hum

TEXT = "This sentence takes about four seconds to say, at any ordinary speed of speech."
WORDS = [Word(word, index * 0.2, index * 0.2 + 0.2) for index, word in enumerate(TEXT.split())]


def judged(path: Path, words: list[Word] = WORDS) -> float:
    return sound.judge(path, TEXT, "en", 1.0, words)


def test_speech_of_the_right_length_passes(tmp_path: Path) -> None:
    hum(tmp_path / "a.wav", 4)
    assert judged(tmp_path / "a.wav") == pytest.approx(4)


def test_silence_is_refused(tmp_path: Path) -> None:
    hum(tmp_path / "a.wav", 4, loud=0.0001)
    with pytest.raises(NarrationFailed, match="silent"):
        judged(tmp_path / "a.wav")


def test_a_truncated_voice_is_refused(tmp_path: Path) -> None:
    hum(tmp_path / "a.wav", 1)
    with pytest.raises(NarrationFailed, match="cut off"):
        judged(tmp_path / "a.wav")


def test_words_beyond_the_sound_are_refused(tmp_path: Path) -> None:
    hum(tmp_path / "a.wav", 2.2)
    with pytest.raises(NarrationFailed, match="cut off"):
        judged(tmp_path / "a.wav")


def test_words_that_are_not_the_texts_are_refused(tmp_path: Path) -> None:
    hum(tmp_path / "a.wav", 4)
    with pytest.raises(NarrationFailed, match="not the text's"):
        judged(tmp_path / "a.wav", WORDS[:-1])


def test_what_is_no_sound_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"<html>")
    with pytest.raises(NarrationFailed, match="not a sound file"):
        judged(tmp_path / "a.wav")
