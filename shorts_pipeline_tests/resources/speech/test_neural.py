"""The offline neural voices: true models in processes of their own."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.resources.speech import Narration, NarrationFailed, Narrator, piper, sound
from shorts_pipeline.resources.speech.kokoro import Kokoro, in_parts, installed
from shorts_pipeline.resources.speech.piper import Piper
from shorts_pipeline.resources.speech.words import spelled

KOREAN = "수출이 160억 달러를 넘었습니다. AI 덕분이에요."
ENGLISH = "Chip exports passed $16 billion. That is new."
VOICES: list[tuple[Narrator, str, str]] = [
    (Kokoro(woman=True), "ko", KOREAN),
    (Kokoro(woman=True), "en", ENGLISH),
    (Piper(), "en", ENGLISH),
]


def spoken(voice: Narrator, language: str, text: str, target: Path, **settings: object) -> Narration:
    chosen = VoiceSettings.model_validate(settings)
    return voice.narrate(text, language=language, voice_id="", settings=chosen, target=target)


@pytest.mark.parametrize(("voice", "language", "text"), VOICES)
def test_a_narration_has_its_words_in_time_its_pause_and_no_clicks(
    voice: Narrator, language: str, text: str, tmp_path: Path
) -> None:
    said = spoken(voice, language, text, tmp_path / "a.wav", pause_seconds=0.6)
    assert said.engine == voice.name
    assert [word.text for word in said.words] == text.split()
    assert all(a.start < b.start and a.end <= b.start + 1e-6 for a, b in pairwise(said.words))
    assert said.words[-1].end <= said.duration
    first = next(at for at, word in enumerate(said.words) if word.text.endswith("."))
    pause = said.words[first + 1].start - said.words[first].end
    assert pause == pytest.approx(0.6, abs=0.02)
    pcm, rate = sound.samples(said.path)
    assert max(map(abs, pcm)) < 32_767
    for edge in (said.words[first].end, said.words[first + 1].start):
        around = pcm[round(edge * rate) - 48 : round(edge * rate) + 48]
        assert max(abs(b - a) for a, b in pairwise(around)) < 330  # -40 dBFS


def test_a_words_time_is_its_sounds_and_not_its_letters(tmp_path: Path) -> None:
    said = spoken(Kokoro(woman=True), "ko", "AI 160억 그", tmp_path / "a.wav")
    ai, figure, _ = said.words
    assert figure.end - figure.start > 1.2 * (ai.end - ai.start) > 0.3


def test_speed_and_pitch_are_the_personas(tmp_path: Path) -> None:
    usual = spoken(Piper(), "en", ENGLISH, tmp_path / "a.wav")
    fast = spoken(Piper(), "en", ENGLISH, tmp_path / "b.wav", rate=1.4)
    high = spoken(Piper(), "en", ENGLISH, tmp_path / "c.wav", pitch=4.0)
    assert fast.duration < usual.duration * 0.85
    assert high.duration == pytest.approx(usual.duration, rel=0.1)


def test_a_man_and_a_woman_are_different_voices(tmp_path: Path) -> None:
    spoken(Kokoro(woman=True), "ko", "네.", tmp_path / "a.wav")
    spoken(Kokoro(), "ko", "네.", tmp_path / "b.wav")
    assert (tmp_path / "a.wav").read_bytes() != (tmp_path / "b.wav").read_bytes()


def test_a_very_long_sentence_is_said_in_parts_that_lose_no_word() -> None:
    whole = spelled(" ".join(["수출이 12% 늘었고"] * 25) + ".", "ko")
    parts = in_parts(whole, 150)
    assert all(len(part.spoken) <= 150 for part in parts)
    assert " ".join(part.spoken for part in parts) == whole.spoken
    assert [word for part in parts for word in part.written] == list(whole.written)
    assert all(part.spoken[at - 1 : at].strip() == "" for part in parts for at in part.starts)


@pytest.mark.parametrize(("voice", "text"), [(Kokoro(), "  "), (Piper(), ""), (Kokoro(), "!!!")])
def test_nothing_to_say_is_refused(voice: Narrator, text: str, tmp_path: Path) -> None:
    with pytest.raises(NarrationFailed):
        spoken(voice, "en", text, tmp_path / "a.wav")


@pytest.mark.parametrize("voice", [Kokoro(), Piper()])
def test_a_language_it_does_not_speak_is_left_to_others(voice: Narrator, tmp_path: Path) -> None:
    with pytest.raises(NarrationFailed, match="speaks"):
        spoken(voice, "de", "Guten Tag.", tmp_path / "a.wav")


def test_every_file_of_the_pinned_model_is_where_it_is_looked_for() -> None:
    files = installed()
    assert all(Path(file).is_file() for file in (*files.parts, files.vocabulary, files.voices))
    assert len(files.sha256) == 64
    assert piper.installed().with_name(piper.MODEL + ".json").is_file()


def test_without_piper_a_person_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(NeedsPerson, match="offline-voice"):
        piper.installed()
    with pytest.raises(NeedsPerson, match="offline-voice"):
        installed()


def test_neither_gpl_code_nor_the_model_enters_this_process(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from shorts_pipeline.resources.speech.piper import Piper\n"
        "from shorts_pipeline.database.documents import VoiceSettings\n"
        f"target = pathlib.Path({str(tmp_path / 'a.wav')!r})\n"
        "Piper().narrate('Hello there.', language='en', voice_id='', settings=VoiceSettings(), target=target)\n"
        "print('piper' in sys.modules, 'onnxruntime' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=90)
    assert done.stdout.split() == ["False", "False"]
