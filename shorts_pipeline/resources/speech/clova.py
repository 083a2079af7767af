"""CLOVA Voice (Naver Cloud): a request a sentence, since it tells no times; so the sentences' times are exact.

POST /tts-premium/v1/tts, a form → a WAV file. Refusals: {"error": {"errorCode", "message"}} of the gateway, or
{"errorCode": "VS02", …} of the voice. 429 with code 400 is the quota (or an application without CLOVA Voice).
"""

import json
from dataclasses import dataclass
from pathlib import Path

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import ConfigurationError, NeedsPerson
from shorts_pipeline.language import sentences, speaking_seconds
from shorts_pipeline.resources.speech import sound
from shorts_pipeline.resources.speech.narration import Narration, NarrationFailed
from shorts_pipeline.resources.speech.pieces import Piece, joined
from shorts_pipeline.resources.speech.service import QUOTA_REST, Answer, FindSecret, Service, key_of, post, refuse
from shorts_pipeline.resources.speech.words import spelled

ADDRESS = "https://naveropenapi.apigw.ntruss.com"
SECRET = "CLOVA_VOICE_KEY"  # noqa: S105 - the name, not the secret
USUAL = {("ko", True): "nara", ("ko", False): "njinho", ("en", True): "clara", ("en", False): "matt"}
RATE = 24_000
_QUOTA = "400"


@dataclass(frozen=True)
class Clova:
    """Speaks with CLOVA Voice, each sentence within `seconds`."""

    find: FindSecret
    base: str = ADDRESS
    seconds: float = 30.0
    woman: bool = False
    name: str = "clova"

    def narrate(self, text: str, *, language: str, voice_id: str, settings: VoiceSettings, target: Path) -> Narration:
        """See `Narrator.narrate`."""
        speaker = voice_id or USUAL.get((language, self.woman))
        if not speaker:
            raise ConfigurationError(f"CLOVA Voice has no usual voice for {language!r}: set the persona's voice_id")
        service = Service("CLOVA Voice", self.base, SECRET)
        headers = _headers(service, settings.secret, self.find)
        speed, tempo = speed_of(settings.rate)
        form = {"speaker": speaker, "speed": speed, "pitch": pitch_of(settings.pitch), "volume": 0}
        form |= {"format": "wav", "sampling-rate": RATE}
        spoken, pieces = [spelled(sentence, language) for sentence in sentences(text, language)], []
        for sentence in spoken:
            answer = post(service, "/tts-premium/v1/tts", self.seconds, headers, data=form | {"text": sentence.spoken})
            if answer.status != 200:
                _refuse(service, answer, speaker, settings.secret)
            needed = speaking_seconds(sentence.spoken, language, settings.rate / tempo)
            pieces.append(_piece(answer, needed * sound.SHORTEST_SHARE))
        with sound.scratch() as raw:
            words = joined(spoken, pieces, settings.pause_seconds * tempo, raw)
            sound.pleasant(raw, target, filters=(), decibels=settings.volume, tempo=tempo)
        words = [sound.sooner(word, tempo) for word in words]
        duration = sound.judge(target, text, language, settings.rate, words)
        return Narration(target, duration, tuple(words), self.name)


def speed_of(rate: float) -> tuple[int, float]:
    """CLOVA's step for a speed (-5 is twice as fast, 10 half as fast), and the tempo that is still missing."""
    step = -round((rate - 1) * 5) if rate >= 1 else round((1 / rate - 1) * 10)
    step = min(max(step, -5), 10)
    reached = 1 - step / 5 if step <= 0 else 1 / (1 + step / 10)
    return step, rate / reached


def pitch_of(semitones: float) -> int:
    """CLOVA's step for a pitch: -5 is a fifth higher, 5 a fifth lower."""
    return min(max(round((1 - 2 ** (semitones / 12)) / 0.04), -5), 5)


def _headers(service: Service, named: str | None, find: FindSecret) -> dict[str, str]:
    client, colon, key = key_of(service, named, find).partition(":")
    if not (client and colon and key):
        raise NeedsPerson(f"the secret {named or SECRET} is not “client ID:client secret” of Naver Cloud's application")
    return {"X-NCP-APIGW-API-KEY-ID": client.strip(), "X-NCP-APIGW-API-KEY": key.strip()}


def _refuse(service: Service, answer: Answer, speaker: str, named: str | None) -> None:
    code = _code(answer.body)
    if code == "VS02":
        raise ConfigurationError(f"CLOVA Voice does not know the voice {speaker!r}: set the persona's voice_id")
    if answer.status == 429 and code == _QUOTA:
        told = "CLOVA Voice's quota is used up, or is not chosen in Naver Cloud's application: raise or choose it there"
        raise NarrationFailed(told, delay=QUOTA_REST)
    refuse(service, answer, named)


def _code(body: bytes) -> str:
    try:
        told = json.loads(body)
        return str(told.get("error", told).get("errorCode", ""))
    except (ValueError, AttributeError):
        return ""


def _piece(answer: Answer, shortest: float) -> Piece:
    """The sentence. Raises `NarrationFailed` for what is no sound, or ends before its header says so."""
    if not answer.body.startswith(b"RIFF"):
        what = answer.kind or "nothing known"
        raise NarrationFailed(f"CLOVA Voice gave no sound ({what}, {len(answer.body)} bytes)")
    declared = int.from_bytes(answer.body[4:8], "little") + 8
    if len(answer.body) < declared < 0xFFFFFF00:
        raise NarrationFailed(f"CLOVA Voice's sound was cut off: {len(answer.body)} of {declared} bytes")
    with sound.scratch("answer.wav") as raw:
        raw.write_bytes(answer.body)
        pcm, rate = sound.samples(raw)
    if len(pcm) / rate < shortest:
        raise NarrationFailed(f"CLOVA Voice's sound was cut off: {len(pcm) / rate:.1f} s of a sentence")
    return Piece(rate, pcm, ())
