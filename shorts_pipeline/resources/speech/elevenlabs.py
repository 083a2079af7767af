"""ElevenLabs: the whole text in one request, with the time of every character.

POST /v1/text-to-speech/{voice}/with-timestamps → {"audio_base64", "alignment": {"characters",
"character_start_times_seconds", "character_end_times_seconds"}}. Refusals: {"detail": {"status" or "code", "message"}}.
"""

import base64
import binascii
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.language import sentences
from shorts_pipeline.resources.speech import sound
from shorts_pipeline.resources.speech.narration import Narration, NarrationFailed, Word
from shorts_pipeline.resources.speech.service import QUOTA_REST, Answer, FindSecret, Service, key_of, post, refuse
from shorts_pipeline.resources.speech.words import Event, Spelled, spelled, timed

ADDRESS = "https://api.elevenlabs.io"
SECRET = "ELEVENLABS_API_KEY"  # noqa: S105 - the name, not the secret
MODEL = "eleven_multilingual_v2"
FORMAT = "mp3_44100_128"
SLOWEST, FASTEST = 0.7, 1.2
"""The speeds it offers; what is asked beyond them is done afterwards, by tempo."""
_VOICE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True)
class ElevenLabs:
    """Speaks with ElevenLabs within `seconds`."""

    find: FindSecret
    base: str = ADDRESS
    seconds: float = 90.0
    name: str = "elevenlabs"

    def narrate(self, text: str, *, language: str, voice_id: str, settings: VoiceSettings, target: Path) -> Narration:
        """See `Narrator.narrate`."""
        if not _VOICE_ID.fullmatch(voice_id):
            raise ConfigurationError(
                f"ElevenLabs has no voice {voice_id!r}: set the persona's voice_id to a voice's ID"
            )
        spoken = [spelled(sentence, language) for sentence in sentences(text, language)]
        speed = min(max(settings.rate, SLOWEST), FASTEST)
        service = Service("ElevenLabs", self.base, SECRET)
        answer = post(
            service,
            f"/v1/text-to-speech/{voice_id}/with-timestamps?output_format={FORMAT}",
            self.seconds,
            {"xi-api-key": key_of(service, settings.secret, self.find)},
            json=_asked(spoken, settings, speed),
        )
        if answer.status != 200:
            _refuse(service, answer, voice_id, settings.secret)
        audio, times = _understood(answer, " ".join(sentence.spoken for sentence in spoken))
        tempo = settings.rate / speed
        with sound.scratch("raw.mp3") as raw:
            raw.write_bytes(audio)
            sound.pleasant(raw, target, filters=(), decibels=settings.volume, semitones=settings.pitch, tempo=tempo)
        words = _words(spoken, [(start / tempo, end / tempo) for start, end in times])
        duration = sound.judge(target, text, language, settings.rate, words)
        return Narration(target, duration, tuple(words), self.name)


def _asked(spoken: Sequence[Spelled], settings: VoiceSettings, speed: float) -> dict[str, Any]:
    return {
        "text": " ".join(sentence.spoken for sentence in spoken),
        "model_id": MODEL,
        "voice_settings": {
            "stability": settings.stability,
            "similarity_boost": settings.similarity,
            "speed": round(speed, 2),
        },
    }


def _refuse(service: Service, answer: Answer, voice_id: str, named: str | None) -> None:
    detail = _detail(answer.body)
    if "quota_exceeded" in detail:
        raise NarrationFailed("ElevenLabs' quota is used up: add credits, or wait for its renewal", delay=QUOTA_REST)
    if answer.status == 404 or "voice_not_found" in detail or "invalid_uid" in detail:
        raise ConfigurationError(f"ElevenLabs does not know the voice {voice_id!r}: set the persona's voice_id")
    refuse(service, answer, named)


def _detail(body: bytes) -> set[str]:
    try:
        detail = json.loads(body)["detail"]
        return {str(detail.get(name)) for name in ("status", "code", "type")}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()


def _understood(answer: Answer, text: str) -> tuple[bytes, list[tuple[float, float]]]:
    """The sound, and start and end of every character of the text. Raises `NarrationFailed` for anything else."""
    try:
        told = json.loads(answer.body)
        audio = base64.b64decode(told["audio_base64"], validate=True)
        alignment = told["alignment"]
        characters = "".join(alignment["characters"])
        starts, ends = alignment["character_start_times_seconds"], alignment["character_end_times_seconds"]
        times = [(float(start), float(end)) for start, end in zip(starts, ends, strict=True)]
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        what = answer.kind or "nothing known"
        raise NarrationFailed(
            f"ElevenLabs' answer is not what it should be ({what}, {len(answer.body)} bytes)"
        ) from error
    if not audio:
        raise NarrationFailed("ElevenLabs gave no sound")
    if characters != text or len(times) != len(text) or not all(map(math.isfinite, chain.from_iterable(times))):
        raise NarrationFailed("ElevenLabs' times are not those of the text")
    return audio, times


def _words(spoken: Sequence[Spelled], times: Sequence[tuple[float, float]]) -> list[Word]:
    words, at, ended = list[Word](), 0, 0.0
    for sentence in spoken:
        inside = times[at : at + len(sentence.spoken)]
        begins = max(inside[0][0], ended)
        ended = max(inside[-1][1], begins)
        starts = [match.start() for match in re.finditer(r"\S+", sentence.spoken)]
        words += timed(sentence, [Event(start, inside[start][0]) for start in starts], begins, ended)
        at += len(sentence.spoken) + 1
    return words
