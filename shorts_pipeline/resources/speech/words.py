"""Words: from what an engine says it spoke, back to the words that are written.

An engine speaks a spelled-out text ("백육십억 달러") and reports times in it; viewers read the original
("160억 달러"). Times are mapped back word by word, and gaps are filled by length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from shorts_pipeline.language import spell_out
from shorts_pipeline.resources.speech.narration import Word


@dataclass(frozen=True)
class Event:
    """The engine began, at `start` seconds, the spoken word found at character `at` of the spoken text."""

    at: int
    start: float


@dataclass(frozen=True)
class Spelled:
    """A sentence as it is spoken, with the character at which each written word begins in it."""

    spoken: str
    written: tuple[str, ...]
    starts: tuple[int, ...]


def spelled(sentence: str, language: str) -> Spelled:
    """The sentence as it is read aloud. Read as a whole, since neighbours decide how a figure is read."""
    written = sentence.split()
    spoken = spell_out(" ".join(written), language).split()
    counts = _shares(written, spoken, language)
    starts, position, taken = [], 0, 0
    for count in counts:
        starts.append(position)
        position += sum(len(word) + 1 for word in spoken[taken : taken + count])
        taken += count
    return Spelled(" ".join(spoken), tuple(written), tuple(starts))


def timed(sentence: Spelled, events: Sequence[Event], begins: float, ends: float) -> list[Word]:
    """The written words with their times: heard events first, the others shared out between them by length.

    `begins` and `ends` are the sentence's own bounds; the result never leaves them and never goes back in time.
    """
    heard = _heard(sentence, events, begins, ends)
    weights = [max(stop - start, 1) for start, stop in _spans(sentence)]
    starts = _filled(heard, weights, begins, ends)
    bounds = [*starts, ends]
    return [
        Word(text, round(bounds[index], 3), round(max(bounds[index + 1], bounds[index]), 3))
        for index, text in enumerate(sentence.written)
    ]


def _heard(sentence: Spelled, events: Sequence[Event], begins: float, ends: float) -> list[float | None]:
    """For each written word the first event inside it, as long as time goes forward."""
    found: list[float | None] = []
    latest, ordered = begins, sorted(events, key=lambda event: event.at)
    for start, stop in _spans(sentence):
        inside = next((event.start for event in ordered if start <= event.at < stop), None)
        if inside is not None and latest <= inside <= ends:
            found.append(inside)
            latest = inside
        else:
            found.append(None)
    if found:
        found[0] = begins
    return found


def _filled(heard: list[float | None], weights: list[int], begins: float, ends: float) -> list[float]:
    """Starts for every word: the unheard share the time up to the next heard one by their lengths."""
    starts: list[float] = []
    index = 0
    while index < len(heard):
        stop = next((later for later in range(index + 1, len(heard)) if heard[later] is not None), len(heard))
        start = heard[index]
        at = begins if start is None else start
        until = heard[stop] if stop < len(heard) else ends
        span, total = (ends if until is None else until) - at, sum(weights[index:stop])
        for word in range(index, stop):
            starts.append(at)
            at += span * weights[word] / total
        index = stop
    return starts


def _spans(sentence: Spelled) -> list[tuple[int, int]]:
    stops = [*sentence.starts[1:], len(sentence.spoken) + 1]
    return list(zip(sentence.starts, stops, strict=True))


def _shares(written: Sequence[str], spoken: Sequence[str], language: str) -> list[int]:
    """How many spoken words belong to each written one, in order; they add up to all of them."""
    counts = [0] * len(written)
    for kind, a, b, c, d in SequenceMatcher(a=written, b=spoken, autojunk=False).get_opcodes():
        if kind == "equal":
            counts[a:b] = [1] * (b - a)
        elif a == b:  # spoken words without a written one: they go with the word before
            counts[max(a - 1, 0)] += d - c
        else:
            counts[a:b] = _shared(written[a:b], d - c, language)
    return counts


def _shared(written: Sequence[str], available: int, language: str) -> list[int]:
    """Share `available` spoken words among written ones, by how long each is when read alone."""
    alone = [len(spell_out(word, language).split()) for word in written]
    if sum(alone) == available:
        return alone
    shares, left, weight = [], available, max(sum(alone), 1)
    for count in alone:
        taken = min(left, round(left * count / weight)) if weight else 0
        shares.append(taken)
        left, weight = left - taken, weight - count
    shares[-1] += left
    return shares
