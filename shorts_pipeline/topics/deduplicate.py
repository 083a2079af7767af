"""Deduplicate: has this story been told?

From cheap to dear: content hash, near-same title, same meaning, same event. What repeats a known story is not dropped:
it is a sighting, and sightings raise the score. Pure: tellings and vectors in, matches out; no scoring here (score.py).

The result does not depend on the order in which items arrive: new tellings are compared from the earliest to the
latest, and the first of a story leads.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from shorts_pipeline.database.documents.topic_config import DuplicateSettings
from shorts_pipeline.topics.evidence import contradict, replaced_words, same_name, shared_evidence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shorts_pipeline.resources.models.embedder import Thresholds

# Distances from the model's thresholds, chosen on labelled pairs. Between the threshold and CLEARLY above it headlines
# of one template crowd with true repeats: shared names and figures decide.
CLEARLY = 0.035
MODERATELY = 0.05
CONTRADICTED = 0.075
# Across languages the margin of a small model is thin: without a name in common it takes more, with two it takes less.
NOTHING_SHARED_ACROSS = 0.03
MUCH_SHARED_ACROSS = 0.02
CONTRADICTED_ACROSS = 0.09
NO_HASHES: Mapping[str, UUID] = {}


class How(StrEnum):
    """By what a repeat was known."""

    HASH = "same title"
    TITLE = "near-same title"
    MEANING = "same meaning"
    EVENT = "same event"


@dataclass(frozen=True)
class Telling:
    """One telling of a story: a topic of the channel (id of the topic) or a new item (id of the item)."""

    id: UUID
    title: str
    normalized: str
    content_hash: str
    language: str
    told_at: datetime
    words: tuple[str, ...]
    numbers: frozenset[str]
    names: frozenset[str] = frozenset()
    keywords: frozenset[str] = frozenset()
    # Foreign tellings and weaker sources come later, so that the best telling leads its story.
    rank: tuple[float, ...] = ()


@dataclass(frozen=True)
class Match:
    """A repeat: of which telling, how it was known, how alike (0–1)."""

    leader: UUID
    how: How
    likeness: float


@dataclass
class Sorted:
    """New tellings apart: who leads a story nobody told yet, and who repeats whom."""

    leaders: list[Telling] = field(default_factory=list)
    repeats: dict[UUID, Match] = field(default_factory=dict)


def in_order(new: Iterable[Telling]) -> list[Telling]:
    """The order in which new tellings are compared, whatever order they came in."""
    return sorted(new, key=lambda each: (each.rank, each.told_at, each.content_hash, each.id))


def by_title(
    new: Iterable[Telling],
    known: Sequence[Telling],
    settings: DuplicateSettings,
    hashes: Mapping[str, UUID] = NO_HASHES,
) -> Sorted:
    """Repeats by content hash (ever; `hashes` are those of older topics) and by near-same title (in the window)."""
    result = Sorted()
    hashes = {**hashes, **{each.content_hash: each.id for each in known}}
    titles = _Titles(known)
    for each in in_order(new):
        leader = hashes.get(each.content_hash)
        match = Match(leader, How.HASH, 1.0) if leader else titles.nearest(each, settings)
        if match:
            result.repeats[each.id] = match
            continue
        hashes[each.content_hash] = each.id
        titles.add(each)
        result.leaders.append(each)
    return result


def by_meaning(
    new: Sequence[Telling],
    vectors: "NDArray[np.float32]",
    known: Sequence[Telling],
    known_vectors: "NDArray[np.float32]",
    settings: DuplicateSettings,
    thresholds: "Thresholds",
) -> tuple[Sorted, dict[UUID, float]]:
    """Repeats by meaning and by event; row i of `vectors` is new[i]. Also each leader's nearest cosine to the known."""
    import numpy as np

    result, nearest = Sorted(), dict[UUID, float]()
    position = {each.id: index for index, each in enumerate(new)}
    candidates = list(known)
    cosines = vectors @ np.concatenate([known_vectors, vectors]).T if len(new) else np.zeros((0, 0))
    columns = list(range(len(known)))
    for each in in_order(new):
        row = cosines[position[each.id]][columns]
        match = _same_story(each, candidates, row, settings, thresholds)
        if match:
            result.repeats[each.id] = match
            continue
        past = row[: len(known)]
        nearest[each.id] = float(past.max()) if past.size else 0.0
        result.leaders.append(each)
        candidates.append(each)
        columns.append(len(known) + position[each.id])
    return result, nearest


class _Titles:
    """Known titles by language, compared with their words in alphabetical order."""

    def __init__(self, known: Iterable[Telling]) -> None:
        self._by_language: dict[str, tuple[list[Telling], list[str]]] = {}
        for each in known:
            self.add(each)

    def add(self, each: Telling) -> None:
        tellings, titles = self._by_language.setdefault(each.language, ([], []))
        tellings.append(each)
        titles.append(" ".join(each.words))

    def nearest(self, each: Telling, settings: DuplicateSettings) -> Match | None:
        from rapidfuzz import fuzz, process

        tellings, titles = self._by_language.get(each.language, ([], []))
        least = settings.title_similarity * 100
        # Ties go to the earliest known: extract keeps the order of its choices.
        found = process.extract(" ".join(each.words), titles, scorer=fuzz.ratio, score_cutoff=least, limit=5)
        for _, score, index in found:
            other = tellings[index]
            if _within(each, other, settings) and not _differs(each, other):
                return Match(other.id, How.TITLE, score / 100)
        return None


def _differs(one: Telling, other: Telling) -> bool:
    """Nearly the same letters, another story: another figure, another name, the opposite."""
    return contradict(one, other) or replaced_words(one.words, other.words)


def _same_story(
    each: Telling,
    candidates: Sequence[Telling],
    cosines: "NDArray[np.float32]",
    settings: DuplicateSettings,
    thresholds: "Thresholds",
) -> Match | None:
    """The best candidate that tells the same story, if any does."""
    least = min(thresholds.same_language - MODERATELY, thresholds.cross_language - MUCH_SHARED_ACROSS)
    best: Match | None = None
    for index in (-cosines).argsort(kind="stable"):
        cosine = float(cosines[index])
        if cosine < least:
            break
        other = candidates[index]
        if not _within(each, other, settings):
            continue
        how = _judge(each, other, cosine, settings, thresholds)
        if how is How.MEANING:
            return Match(other.id, how, cosine)
        if how is not None and best is None:
            best = Match(other.id, how, cosine)
    return best


def _judge(
    one: Telling, other: Telling, cosine: float, settings: DuplicateSettings, thresholds: "Thresholds"
) -> How | None:
    if one.language != other.language:
        return How.MEANING if cosine >= _least_across(one, other, thresholds.cross_language) else None
    least = thresholds.same_language
    if contradict(one, other):
        return How.MEANING if cosine >= least + CONTRADICTED else None
    if cosine >= least + CLEARLY:
        return How.MEANING
    shared = shared_evidence(one, other)
    if cosine >= least and shared > 1:
        return How.MEANING
    moderately = cosine >= least - MODERATELY and shared > 1
    return How.EVENT if moderately and overlap(one, other) >= settings.same_event else None


def _least_across(one: Telling, other: Telling, threshold: float) -> float:
    """The cosine from which tellings in two languages are one story."""
    if contradict(one, other):
        return threshold + CONTRADICTED_ACROSS
    shared = shared_evidence(one, other)
    if not shared:
        return threshold + NOTHING_SHARED_ACROSS
    return threshold - MUCH_SHARED_ACROSS if shared > 1 else threshold


def overlap(one: Telling, other: Telling) -> float:
    """How far names and keywords agree, 0–1: the mean of the shares that the smaller side of each has in common.

    One name, or two words, say too little to tell an event by.
    """
    return (_share(one.names, other.names, least=2) + _share(one.keywords, other.keywords, least=3)) / 2


def _share(one: frozenset[str], other: frozenset[str], *, least: int) -> float:
    smaller, larger = sorted((one, other), key=len)
    return sum(any(same_name(term, each) for each in larger) for term in smaller) / max(len(smaller), least)


def _within(one: Telling, other: Telling, settings: DuplicateSettings) -> bool:
    return abs(one.told_at - other.told_at) <= timedelta(hours=settings.window_hours)
