"""Pieces: sentences spoken one by one, joined into a narration whose sentence times are exact."""

import array
import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shorts_pipeline.resources.speech import sound
from shorts_pipeline.resources.speech.narration import NarrationFailed, Word
from shorts_pipeline.resources.speech.words import Event, Spelled, timed

AROUND = 0.02
"""Seconds kept around what is heard: soft consonants begin and end below the gate."""
FADE = 0.006
_END = 0.15


@dataclass(frozen=True)
class Piece:
    """A spoken sentence: mono 16-bit sound, and at which second of it spoken words begin."""

    rate: int
    pcm: "array.array[int]"
    events: tuple[Event, ...]


def decoded(pcm: str) -> "array.array[int]":
    """Sound as workers send it."""
    return array.array("h", base64.b64decode(pcm))


def joined(spoken: Sequence[Spelled], pieces: Sequence[Piece], pause: float, target: Path) -> list[Word]:
    """Write the sentences one after the other, `pause` seconds of silence between two; the words with their times."""
    if not pieces:
        raise NarrationFailed("there is nothing to say")
    rate, whole, words = pieces[0].rate, array.array("h"), list[Word]()
    for index, (sentence, piece) in enumerate(zip(spoken, pieces, strict=True)):
        if piece.rate != rate:
            raise NarrationFailed("the sentences have different sample rates")
        if index:
            whole.extend(_silence(pause, rate))
        first, last = sound.spoken_part(piece.pcm, rate)
        if first == last:
            raise NarrationFailed(f"the voice is silent in “{sentence.spoken[:40]}”")
        edge = round(AROUND * rate)
        first, last = max(first - edge, 0), min(last + edge, len(piece.pcm))
        begins = len(whole) / rate
        whole.extend(_faded(piece.pcm[first:last], round(FADE * rate)))
        events = [Event(event.at, begins + event.start - first / rate) for event in piece.events]
        words += timed(sentence, events, begins, len(whole) / rate)
    whole.extend(_silence(_END, rate))
    sound.write(target, whole, rate)
    return words


def _silence(seconds: float, rate: int) -> "array.array[int]":
    return array.array("h", bytes(2 * round(seconds * rate)))


def _faded(piece: "array.array[int]", length: int) -> "array.array[int]":
    """Rise from nothing and go back to it, so that no join clicks."""
    length = min(length, len(piece) // 2)
    for at in range(length):
        piece[at] = piece[at] * at // length
        piece[-1 - at] = piece[-1 - at] * at // length
    return piece


def events_of(spoken: str, begins: Sequence[float]) -> tuple[Event, ...]:
    """Events for a spoken text whose i-th word begins at the i-th second; none if the numbers do not fit.

    Some engines count "ninety-nine" as two words.
    """
    for word in (r"\S+", r"[^\s-]+"):
        starts = [match.start() for match in re.finditer(word, spoken)]
        if len(starts) == len(begins):
            return tuple(map(Event, starts, begins))
    return ()


def answered(answer: dict[str, Any], events: Sequence[Event]) -> Piece:
    """A piece from a worker's answer."""
    return Piece(int(answer["rate"]), decoded(answer["pcm"]), tuple(events))
