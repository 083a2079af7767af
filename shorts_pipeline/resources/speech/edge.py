"""edge-tts: Microsoft's voices over the network, with the time of every word.

Its default reports sentences only, hence `boundary="WordBoundary"`; without a network it raises aiohttp's
errors, not its own; a wrong voice is a ValueError.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.language import sentences
from shorts_pipeline.resources.speech import sound
from shorts_pipeline.resources.speech.narration import Narration, NarrationFailed, Word
from shorts_pipeline.resources.speech.words import Event, Spelled, timed

TICKS_A_SECOND = 10_000_000
USUAL_VOICE_HERTZ = 200.0
CONNECT_LIMIT = 5
USUAL = {
    ("ko", True): "ko-KR-SunHiNeural",
    ("ko", False): "ko-KR-InJoonNeural",
    ("en", True): "en-US-AriaNeural",
    ("en", False): "en-US-GuyNeural",
}
"""Where another engine's voice is meant: this one is asked as a fallback."""


@dataclass(frozen=True)
class EdgeTts:
    """Speaks with edge-tts within `seconds`."""

    seconds: float = 60.0
    woman: bool = False
    name: str = "edge-tts"

    def narrate(self, text: str, *, language: str, voice_id: str, settings: VoiceSettings, target: Path) -> Narration:
        """See `Narrator.narrate`."""
        spoken = " ".join(text.split())
        voice_id = voice_id or USUAL.get((language, self.woman), "")
        # A thread of its own, since the caller may be inside an event loop.
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="edge-tts") as threads:
            audio, events = threads.submit(asyncio.run, self._limited(spoken, voice_id, settings)).result()
        with sound.scratch("raw.mp3") as raw:
            raw.write_bytes(audio)
            sound.pleasant(raw, target, filters=(), decibels=settings.volume)
        words = _words(spoken, language, events)
        duration = sound.judge(target, spoken, language, settings.rate, words)
        return Narration(target, duration, tuple(words), self.name)

    async def _limited(self, text: str, voice_id: str, settings: VoiceSettings) -> tuple[bytes, list["_Heard"]]:
        import aiohttp
        from edge_tts.exceptions import EdgeTTSException

        try:
            return await asyncio.wait_for(_stream(text, voice_id, settings), timeout=self.seconds)
        except TimeoutError as error:
            raise NarrationFailed(f"edge-tts did not finish within {self.seconds:.0f} s") from error
        except (aiohttp.ClientError, OSError, EdgeTTSException) as error:
            # Its own text can hold the address with its tokens.
            status = getattr(error, "status", None)
            raise NarrationFailed(f"edge-tts: {type(error).__name__}" + (f" ({status})" if status else "")) from error
        except ValueError as error:
            wrong = f"edge-tts does not know the voice {voice_id!r}: set the persona's voice_id"
            raise ConfigurationError(wrong) from error


@dataclass(frozen=True)
class _Heard:
    text: str
    start: float
    end: float


async def _stream(text: str, voice_id: str, settings: VoiceSettings) -> tuple[bytes, list[_Heard]]:
    import edge_tts

    hertz = USUAL_VOICE_HERTZ * (2 ** (settings.pitch / 12) - 1)
    speech = edge_tts.Communicate(
        text,
        voice_id,
        rate=f"{round((settings.rate - 1) * 100):+d}%",
        pitch=f"{round(hertz):+d}Hz",
        boundary="WordBoundary",
        connect_timeout=CONNECT_LIMIT,
    )
    audio, heard = bytearray(), []
    async for chunk in speech.stream():
        if chunk["type"] == "audio":
            audio += chunk["data"]
        else:
            start = chunk["offset"] / TICKS_A_SECOND
            heard.append(_Heard(chunk["text"], start, start + chunk["duration"] / TICKS_A_SECOND))
    if not heard:
        raise NarrationFailed("edge-tts gave sound without the times of its words")
    return bytes(audio), heard


def _words(text: str, language: str, heard: list[_Heard]) -> list[Word]:
    """Written words with times, sentence by sentence: no word is stretched over the pause after its sentence."""
    placed, at = list[tuple[int, _Heard]](), 0
    for event in heard:
        found = text.find(event.text, at)
        if found >= 0:
            placed.append((found, event))
            at = found + len(event.text)
    words, start, ended = list[Word](), 0, 0.0
    for sentence in sentences(text, language):
        stop = start + len(sentence)
        inside = [(position - start, event) for position, event in placed if start <= position < stop]
        begins = max(inside[0][1].start, ended) if inside else ended
        ended = max(inside[-1][1].end, begins) if inside else ended
        words += timed(_as_written(sentence), [Event(at, event.start) for at, event in inside], begins, ended)
        start = stop + 1
    return words


def _as_written(sentence: str) -> Spelled:
    starts, position = [], 0
    for word in sentence.split():
        starts.append(position)
        position += len(word) + 1
    return Spelled(sentence, tuple(sentence.split()), tuple(starts))
