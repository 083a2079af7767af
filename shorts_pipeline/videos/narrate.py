"""Narrate: a script spoken in the persona's voice, within the length a Short may have.

Too long: first a little faster, then without its last sentences but one. What is dropped is dropped whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import Rejected
from shorts_pipeline.language import clean_text, sentences
from shorts_pipeline.resources.speech import Narration, Narrator, Word

LONGEST = 178.0
"""Seconds; the rest of a Short's 180 is the end's."""
OVER_TARGET = 1.35
"""A script may take this much longer than the channel aims at before anything is done about it."""
FASTEST = 1.2
_MOST_RATE = 2.0


@dataclass(frozen=True)
class Voice:
    """Whose voice, in which language."""

    narrator: Narrator
    language: str
    voice_id: str
    settings: VoiceSettings


@dataclass(frozen=True)
class Spoken:
    """A sentence and its words in time."""

    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Narrated:
    """The spoken script; `dropped` sentences did not fit, `faster` is how much faster than usual it is spoken."""

    path: Path
    duration: float
    sentences: tuple[Spoken, ...]
    engine: str
    faster: float = 1.0
    dropped: int = 0


def narrate(script: str, voice: Voice, *, target_seconds: float, target: Path) -> Narrated:
    """Speak the script to `target` (WAV). Raises `Rejected` for a script without a sentence."""
    wanted = sentences(clean_text(script), voice.language)
    if not any(character.isalnum() for character in "".join(wanted)):
        raise Rejected("the script says nothing")
    limit = min(target_seconds * OVER_TARGET, LONGEST)
    kept, faster = wanted, 1.0
    said = _speak(kept, voice, faster, target)
    if said.duration > limit:
        # A hundredth more than it takes: pauses do not become shorter with the words.
        faster = min(said.duration / limit * 1.01, FASTEST)
        said = _speak(kept, voice, faster, target)
    while said.duration > limit and len(kept) > 1:
        kept = _shortened(kept, said, limit)
        said = _speak(kept, voice, faster, target)
    if said.duration > LONGEST:
        raise Rejected(f"one sentence alone takes {said.duration:.0f} s; a Short has at most 180")
    return Narrated(target, said.duration, _by_sentence(kept, said.words), said.engine, faster, len(wanted) - len(kept))


def _speak(kept: Sequence[str], voice: Voice, faster: float, target: Path) -> Narration:
    rate = min(voice.settings.rate * faster, _MOST_RATE)
    return voice.narrator.narrate(
        " ".join(kept),
        language=voice.language,
        voice_id=voice.voice_id,
        settings=voice.settings.model_copy(update={"rate": round(rate, 3)}),
        target=target,
    )


def _shortened(kept: list[str], said: Narration, limit: float) -> list[str]:
    """As many sentences as fit, the last one (the conclusion) among them; at least one fewer."""
    spoken = _by_sentence(kept, said.words)
    ends = [sentence.words[-1].end if sentence.words else 0.0 for sentence in spoken]
    closing = ends[-1] - ends[-2]
    fitting = [index for index, end in enumerate(ends[:-1]) if end + closing <= limit]
    count = min(fitting[-1] + 1 if fitting else 0, len(kept) - 2)
    return [*kept[: max(count, 0)], kept[-1]] if count > 0 else kept[:1]


def _by_sentence(texts: Sequence[str], words: Sequence[Word]) -> tuple[Spoken, ...]:
    spoken, at = [], 0
    for text in texts:
        count = len(text.split())
        spoken.append(Spoken(text, tuple(words[at : at + count])))
        at += count
    return tuple(spoken)
