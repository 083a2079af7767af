"""Voices for tests: a narrator that hums, and one that cannot."""

import array
import math
from dataclasses import dataclass, field
from pathlib import Path

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.resources.speech import Narration, NarrationFailed, Word, sound


def hum(path: Path, seconds: float, *, loud: float = 0.3, rate: int = 48_000) -> None:
    """A tone of `seconds`."""
    wave = array.array("h", (round(loud * 32767 * math.sin(at / 30)) for at in range(int(seconds * rate))))
    sound.write(path, wave, rate)


@dataclass
class Hummer:
    """Hums 0.3 s a word at rate 1, and remembers what it was asked."""

    name: str = "hummer"
    asked: list[str] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    voices: list[str] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)

    def narrate(self, text: str, *, voice_id: str, settings: VoiceSettings, target: Path, **_: object) -> Narration:
        self.asked.append(text)
        self.voices.append(voice_id)
        self.secrets.append(settings.secret)
        self.rates.append(settings.rate)
        each = 0.3 / settings.rate
        words = text.split()
        hum(target, each * len(words), rate=8_000)
        spoken = tuple(Word(word, index * each, (index + 1) * each) for index, word in enumerate(words))
        return Narration(target, each * len(words), spoken, self.name)


@dataclass
class Mute:
    """Always fails, and counts how often it was asked."""

    name: str = "mute"
    asked: int = 0

    def narrate(self, *_: object, **__: object) -> Narration:
        self.asked += 1
        raise NarrationFailed("the line is dead")
