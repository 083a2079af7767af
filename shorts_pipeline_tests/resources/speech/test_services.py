"""ElevenLabs and CLOVA Voice against a server that speaks their protocols, and fails as they do."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import ConfigurationError, NeedsPerson
from shorts_pipeline.resources.speech import Narration, NarrationFailed, SpeechResource
from shorts_pipeline.resources.speech.clova import Clova, pitch_of, speed_of
from shorts_pipeline.resources.speech.elevenlabs import ElevenLabs
from shorts_pipeline_tests.resources.speech.voice_server import Trouble, VoiceServer, voice_server

KOREAN = "수출이 160억 달러를 넘었습니다. SK하이닉스가 앞장섰어요."
SERVICES = ["elevenlabs", "clova"]
VOICES = {"elevenlabs": "21m00Tcm4TlvDq8ikWAM", "clova": "nara"}
KEY = {"elevenlabs": "sk-very-secret", "clova": "an-id:very-secret"}


def secrets(name: str) -> SecretStr | None:
    known = {"ELEVENLABS_API_KEY": KEY["elevenlabs"], "CLOVA_VOICE_KEY": KEY["clova"], "OF_THE_CHANNEL": "sk-other"}
    return SecretStr(known[name]) if name in known else None


def say(
    service: str, server: VoiceServer, tmp_path: Path, *, seconds: float = 10, voice: str = "", **settings: object
) -> Narration:
    engine = {"elevenlabs": ElevenLabs, "clova": Clova}[service](secrets, server.base, seconds)
    return engine.narrate(
        KOREAN,
        language="ko",
        voice_id=voice or VOICES[service],
        settings=VoiceSettings.model_validate(settings),
        target=tmp_path / "a.wav",
    )


@pytest.mark.parametrize("service", SERVICES)
def test_every_written_word_has_its_time(service: str, tmp_path: Path) -> None:
    with voice_server() as server:
        said = say(service, server, tmp_path)
    assert said.engine == service
    assert [word.text for word in said.words] == KOREAN.split()
    assert all(a.start < b.start and a.end <= b.start + 1e-6 for a, b in pairwise(said.words))
    assert said.words[-1].end <= said.duration + 0.1


def test_elevenlabs_is_asked_as_its_reference_says(tmp_path: Path) -> None:
    with voice_server() as server:
        say("elevenlabs", server, tmp_path, rate=1.1, stability=0.3, similarity=0.9)
    (asked,) = server.asked
    assert asked.path == "/v1/text-to-speech/21m00Tcm4TlvDq8ikWAM/with-timestamps?output_format=mp3_44100_128"
    assert asked.headers["xi-api-key"] == KEY["elevenlabs"]
    assert asked.body["text"].startswith("수출이 백육십억 달러를 넘었습니다. 에스케이하이닉스가")
    assert asked.body["voice_settings"] == {"stability": 0.3, "similarity_boost": 0.9, "speed": 1.1}


def test_elevenlabs_words_are_where_its_characters_are(tmp_path: Path) -> None:
    with voice_server() as server:
        said = say("elevenlabs", server, tmp_path)
    place = server.asked[0].body["text"].index("넘었습니다")
    assert next(word for word in said.words if word.text == "넘었습니다.").start == pytest.approx(
        place * 0.08, abs=0.01
    )


def test_speed_beyond_what_elevenlabs_offers_is_done_afterwards(tmp_path: Path) -> None:
    with voice_server() as server:
        said = say("elevenlabs", server, tmp_path, rate=1.5)
    assert server.asked[0].body["voice_settings"]["speed"] == 1.2
    assert said.duration == pytest.approx(len(server.asked[0].body["text"]) * 0.08 / 1.25, rel=0.05)


def test_clova_is_asked_once_a_sentence_and_pauses_are_the_personas(tmp_path: Path) -> None:
    with voice_server() as server:
        said = say("clova", server, tmp_path, rate=1.4, pitch=-2.0, pause_seconds=0.8)
    assert [asked.path for asked in server.asked] == ["/tts-premium/v1/tts"] * 2
    asked = server.asked[0]
    assert asked.headers["X-NCP-APIGW-API-KEY-ID"] == "an-id"
    assert asked.headers["X-NCP-APIGW-API-KEY"] == "very-secret"
    assert asked.body["text"] == "수출이 백육십억 달러를 넘었습니다."
    assert (asked.body["speed"], asked.body["pitch"], asked.body["speaker"]) == ("-2", "3", "nara")
    assert said.words[4].start - said.words[3].end == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize(("rate", "step"), [(1.0, 0), (2.0, -5), (0.5, 10), (1.2, -1), (1.05, 0)])
def test_clovas_steps_and_the_rest_make_the_speed(rate: float, step: int) -> None:
    found, rest = speed_of(rate)
    assert found == step
    assert (1 - found / 5 if found <= 0 else 1 / (1 + found / 10)) * rest == pytest.approx(rate)


def test_clovas_pitch_goes_the_other_way_round() -> None:
    assert (pitch_of(0), pitch_of(12), pitch_of(-12)) == (0, -5, 5)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("trouble", [Trouble.BAD_KEY, Trouble.FORBIDDEN])
def test_a_refused_key_needs_a_person_who_is_told_which(service: str, trouble: Trouble, tmp_path: Path) -> None:
    with voice_server(trouble) as server, pytest.raises(NeedsPerson, match="check the secret") as failure:
        say(service, server, tmp_path)
    assert "very-secret" not in str(failure.value)


@pytest.mark.parametrize("service", SERVICES)
def test_an_unknown_voice_needs_a_person(service: str, tmp_path: Path) -> None:
    with voice_server(Trouble.NO_VOICE) as server, pytest.raises(ConfigurationError, match="voice_id"):
        say(service, server, tmp_path)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("trouble", "rest"), [(Trouble.TOO_MANY, 2), (Trouble.QUOTA, 30)])
def test_limits_say_how_long_to_leave_the_service_alone(
    service: str, trouble: Trouble, rest: int, tmp_path: Path
) -> None:
    with voice_server(trouble) as server, pytest.raises(NarrationFailed) as failure:
        say(service, server, tmp_path)
    assert failure.value.delay == timedelta(minutes=rest)


FAULTS = [
    Trouble.DOWN,
    Trouble.SLOW,
    Trouble.DRIPPING,
    Trouble.TRUNCATED,
    Trouble.BROKEN_OFF,
    Trouble.EMPTY,
    Trouble.SILENT,
    Trouble.HTML,
    Trouble.WRONG_JSON,
    Trouble.REDIRECT,
]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("trouble", FAULTS)
def test_what_services_do_in_the_field_is_a_failure_that_the_chain_knows(
    service: str, trouble: Trouble, tmp_path: Path
) -> None:
    with voice_server(trouble) as server, pytest.raises(NarrationFailed) as failure:
        say(service, server, tmp_path, seconds=1)
    assert "127.0.0.1" not in str(failure.value)
    assert "very-secret" not in str(failure.value)


def test_a_redirect_is_not_followed_with_the_key(tmp_path: Path) -> None:
    with voice_server(Trouble.REDIRECT) as server, pytest.raises(NarrationFailed):
        say("elevenlabs", server, tmp_path)
    assert len(server.asked) == 1


def test_clova_wants_both_halves_of_its_key(tmp_path: Path) -> None:
    with voice_server() as server, pytest.raises(NeedsPerson, match="client ID:client secret"):
        say("clova", server, tmp_path, secret="OF_THE_CHANNEL")


def test_a_channels_own_secret_is_used(tmp_path: Path) -> None:
    with voice_server() as server:
        say("elevenlabs", server, tmp_path, secret="OF_THE_CHANNEL")
    assert server.asked[0].headers["xi-api-key"] == "sk-other"


def chain(server: VoiceServer, tmp_path: Path, service: str, find: object = secrets, **settings: object) -> Narration:
    speech = SpeechResource(
        media_root=str(tmp_path / "media"),
        clock_file=str(tmp_path / "clock"),
        elevenlabs_url=server.base,
        clova_url=server.base,
    )
    return speech.narrator_for(service, gender="female", find_secret=find).narrate(  # type: ignore[arg-type]
        KOREAN,
        language="ko",
        voice_id=VOICES[service],
        settings=VoiceSettings.model_validate(settings),
        target=tmp_path / "a.wav",
    )


def test_without_its_secret_a_service_hands_over_and_asks_nobody(tmp_path: Path) -> None:
    with voice_server() as server:
        said = chain(server, tmp_path, "elevenlabs", lambda _: None, fallbacks=("clova", "offline"))
        assert said.engine.startswith("offline-")
    assert server.asked == []


def test_without_any_voice_a_person_reads_which_secret_to_set(tmp_path: Path) -> None:
    with voice_server() as server, pytest.raises(NeedsPerson, match=r"ELEVENLABS_API_KEY.*CLOVA_VOICE_KEY"):
        chain(server, tmp_path, "elevenlabs", lambda _: None, fallbacks=("clova",))


def test_a_fallback_speaks_with_its_own_voice_and_its_own_secret(tmp_path: Path) -> None:
    with voice_server(Trouble.DOWN, None) as server:
        said = chain(server, tmp_path, "elevenlabs", fallbacks=("clova",), secret="OF_THE_CHANNEL")
    assert said.engine == "clova"
    assert server.asked[1].body["speaker"] == "nara"
    assert server.asked[1].headers["X-NCP-APIGW-API-KEY-ID"] == "an-id"


def test_a_service_rests_as_long_as_it_asked_for(tmp_path: Path) -> None:
    with voice_server(Trouble.QUOTA) as server:
        for text in ("elevenlabs", "elevenlabs"):
            with pytest.raises(NarrationFailed):
                chain(server, tmp_path, text, fallbacks=())
    assert len(server.asked) == 1
