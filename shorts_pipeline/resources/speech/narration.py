"""What a narrator is and what it gives back: the sound, and when each written word is heard."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from shorts_pipeline.errors import RetryLater

if TYPE_CHECKING:
    from shorts_pipeline.database.documents import VoiceSettings

SAMPLE_RATE = 48_000
"""Every narration is a mono 16-bit WAV file at this rate, so that nothing is resampled later."""


class NarrationFailed(RetryLater):
    """An engine could not speak, or what it gave is not speech; another engine, or later, may work."""


@dataclass(frozen=True)
class Word:
    """A word as it is written (punctuation included) and when it is heard, in seconds from the start."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Narration:
    """A spoken text. `words` are exactly the text's white-space separated words, in order and in time."""

    path: Path
    duration: float
    words: tuple[Word, ...]
    engine: str


class Narrator(Protocol):
    """Something that speaks."""

    @property
    def name(self) -> str: ...

    def narrate(self, text: str, *, language: str, voice_id: str, settings: "VoiceSettings", target: Path) -> Narration:
        """Write `text` as speech to `target` (WAV). Raises `NarrationFailed`, or `NeedsPerson` with what to do."""
        ...
