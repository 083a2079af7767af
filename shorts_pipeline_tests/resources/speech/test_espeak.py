"""The offline engine: real espeak-ng in its own process."""

import importlib.util
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.resources.speech import Narration, NarrationFailed, sound
from shorts_pipeline.resources.speech.espeak import Espeak, voice

KOREAN = "반도체 수출이 160억 달러를 넘었습니다. SK하이닉스의 HBM이 24.3% 늘었어요."
ENGLISH = "Chip exports passed $16 billion. That's up 24.3% from a year ago."


def spoken(text: str, language: str, target: Path, **settings: object) -> Narration:
    return Espeak().narrate(
        text, language=language, voice_id=language, settings=VoiceSettings.model_validate(settings), target=target
    )


@pytest.mark.parametrize(("text", "language"), [(KOREAN, "ko"), (ENGLISH, "en")])
def test_every_written_word_has_its_time_in_order_and_within_the_sound(
    text: str, language: str, tmp_path: Path
) -> None:
    said = spoken(text, language, tmp_path / "a.wav")
    assert [word.text for word in said.words] == text.split()
    assert all(a.start < b.start and a.end <= b.start + 1e-6 for a, b in pairwise(said.words))
    assert said.words[0].start >= 0
    assert said.words[-1].end <= said.duration
    samples, rate = sound.samples(said.path)
    assert rate == 48_000
    assert len(samples) / rate == pytest.approx(said.duration)


def test_sentences_stand_apart_by_the_pause(tmp_path: Path) -> None:
    said = spoken("하나입니다. 둘입니다.", "ko", tmp_path / "a.wav", pause_seconds=0.8)
    first, second = said.words
    assert second.start - first.end == pytest.approx(0.8, abs=0.02)


def test_a_faster_voice_is_shorter(tmp_path: Path) -> None:
    slow = spoken(ENGLISH, "en", tmp_path / "a.wav")
    fast = spoken(ENGLISH, "en", tmp_path / "b.wav", rate=1.5)
    assert fast.duration < slow.duration * 0.8


def test_another_engines_voice_becomes_one_of_its_language() -> None:
    assert voice("ko", "ko-KR-SunHiNeural") == "ko"
    assert voice("en", "en-us+f2", woman=True) == "en-us+f2"
    assert voice("en", "en-US-JennyNeural", woman=True) == "en-us+f3"


def test_an_unknown_voice_says_so(tmp_path: Path) -> None:
    with pytest.raises(NarrationFailed, match="no voice"):
        Espeak().narrate(
            "Hi.", language="en", voice_id="en-nowhere", settings=VoiceSettings(), target=tmp_path / "a.wav"
        )


def test_nothing_to_say_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NarrationFailed, match="nothing to say"):
        spoken("  ", "ko", tmp_path / "a.wav")


def test_without_the_extra_a_person_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(NeedsPerson, match="offline-voice"):
        spoken("Hello there.", "en", tmp_path / "a.wav")


def test_the_gpl_library_is_never_loaded_into_this_process() -> None:
    code = (
        "import sys, pathlib\n"
        "from shorts_pipeline.resources.speech.espeak import Espeak\n"
        "from shorts_pipeline.database.documents import VoiceSettings\n"
        "import tempfile\n"
        "target = pathlib.Path(tempfile.mkdtemp()) / 'a.wav'\n"
        "Espeak().narrate('Hello there.', language='en', voice_id='en', settings=VoiceSettings(), target=target)\n"
        "maps = pathlib.Path('/proc/self/maps')\n"
        "print('espeakng_loader' in sys.modules, maps.exists() and 'espeak' in maps.read_text())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False", "False"]
