"""The chain: fallbacks, health and what is kept."""

from datetime import timedelta
from pathlib import Path

import pytest

from shorts_pipeline.clock import ManualClock
from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import NeedsPerson
from shorts_pipeline.resources.media import MediaStore
from shorts_pipeline.resources.speech import Narration, NarrationFailed, SpeechResource
from shorts_pipeline.resources.speech.chain import Chain
from shorts_pipeline.resources.speech.health import EngineHealth
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
    said = say(chain(store, clock, Mute("edge-tts"), Hummer("offline")), tmp_path)
    assert said.engine == "offline"
    assert said.path.stat().st_size > 1000


def test_an_engine_that_failed_rests_and_is_tried_again_later(
    store: MediaStore, clock: ManualClock, tmp_path: Path
) -> None:
    mute, hummer = Mute("edge-tts"), Hummer("offline")
    for text in ("하나", "둘", "셋"):
        say(chain(store, clock, mute, hummer), tmp_path, text)
    assert mute.asked == 1
    clock.move(timedelta(minutes=2))
    say(chain(store, clock, mute, hummer), tmp_path, "넷")
    assert mute.asked == 2


def test_the_same_request_is_spoken_once(store: MediaStore, clock: ManualClock, tmp_path: Path) -> None:
    hummer = Hummer("offline")
    first = say(chain(store, clock, hummer, first="offline"), tmp_path)
    again = say(chain(store, clock, hummer, first="offline"), tmp_path)
    assert again.words == first.words
    assert len(hummer.asked) == 1
    say(chain(store, clock, hummer, first="offline"), tmp_path, settings=VoiceSettings(rate=1.2))
    assert len(hummer.asked) == 2


def test_a_damaged_copy_is_spoken_anew(store: MediaStore, clock: ManualClock, tmp_path: Path) -> None:
    hummer = Hummer("offline")
    say(chain(store, clock, hummer, first="offline"), tmp_path)
    kept = next(store.path("speech").rglob("*.wav"))
    kept.write_bytes(kept.read_bytes()[:100])
    say(chain(store, clock, hummer, first="offline"), tmp_path)
    assert len(hummer.asked) == 2


def test_when_none_can_speak_every_reason_is_told(store: MediaStore, clock: ManualClock, tmp_path: Path) -> None:
    with pytest.raises(NarrationFailed, match=r"edge-tts: the line is dead; offline: the line is dead"):
        say(chain(store, clock, Mute("edge-tts"), Mute("offline")), tmp_path)


def test_a_service_nobody_has_needs_a_person(store: MediaStore, clock: ManualClock, tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match="clova"):
        say(chain(store, clock, Hummer("offline"), first="clova"), tmp_path, settings=VoiceSettings(fallbacks=()))


def test_offline_speaks_without_a_network(tmp_path: Path) -> None:
    speech = SpeechResource(media_root=str(tmp_path / "media"), clock_file=str(tmp_path / "clock"))
    said = speech.narrator_for("offline", gender="female").narrate(
        "반갑습니다.", language="ko", voice_id="ko", settings=VoiceSettings(), target=tmp_path / "a.wav"
    )
    assert said.engine == "offline"
