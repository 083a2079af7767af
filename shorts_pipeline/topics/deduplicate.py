"""Deduplicate: which of these items tell a story that has been told? Who is compared with whom, and who leads.

From cheap to dear: content hash, near-same title, same meaning, same event. What repeats a known story is not dropped:
it is a sighting, and sightings raise the score. Pure: tellings and candidates in (past.py finds them), matches out;
whether two are one story is same_story.py's question.

The result does not depend on the order in which items arrive: new tellings are compared from the earliest to the
latest, and the first of a story leads.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from shorts_pipeline.database.documents.topic_config import DuplicateSettings
from shorts_pipeline.topics.same_story import near_same_title, same_story, within
from shorts_pipeline.topics.telling import How as How
from shorts_pipeline.topics.telling import Match as Match
from shorts_pipeline.topics.telling import Telling as Telling
from shorts_pipeline.topics.title_keys import title_bands

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shorts_pipeline.resources.models.embedder import Thresholds

# Of how many candidates, the nearest first, it is asked whether they tell the same story.
ASKED = 10
# So far below a model's threshold nobody is asked: of the labelled pairs no telling of one story is known from there.
FAR_BELOW = 0.07
LIKEST_TITLES = 5

Bands = Mapping[UUID, Sequence[int]]
# A known telling and its cosine.
Neighbour = tuple[Telling, float]
NO_HASHES: Mapping[str, UUID] = {}
NO_BANDS: Bands = {}
NOBODY: Mapping[UUID, Sequence[Neighbour]] = {}


@dataclass
class Sorted:
    """New tellings apart: who leads a story nobody told yet, and who repeats whom."""

    leaders: list[Telling] = field(default_factory=list)
    repeats: dict[UUID, Match] = field(default_factory=dict)


class Titles:
    """Titles by their bands: whoever may be near-same, without comparing all."""

    def __init__(self) -> None:
        self._by_band: dict[int, list[int]] = {}
        self._tellings: list[Telling] = []

    def add(self, each: Telling, bands: Sequence[int]) -> None:
        """Take in a telling."""
        for band in bands:
            self._by_band.setdefault(band, []).append(len(self._tellings))
        self._tellings.append(each)

    def sharing(self, bands: Sequence[int]) -> list[Telling]:
        """Those that share a band, in the order in which they came."""
        if not self._tellings:
            return []
        found = {index for band in bands for index in self._by_band.get(band, ())}
        return [self._tellings[index] for index in sorted(found)]


def in_order(new: Iterable[Telling]) -> list[Telling]:
    """The order in which new tellings are compared, whatever order they came in."""
    return sorted(new, key=lambda each: (each.rank, each.told_at, each.content_hash, each.id))


def by_title(
    new: Sequence[Telling],
    known: Mapping[UUID, Sequence[Telling]],
    settings: DuplicateSettings,
    hashes: Mapping[str, UUID] = NO_HASHES,
    bands: Bands = NO_BANDS,
) -> Sorted:
    """Repeats by content hash (ever; `hashes` are those of topics) and by near-same title (in the window).

    `known` are candidates for each, those that may be near-same; `bands` are computed where they are not given.
    """
    result, titles = Sorted(), Titles()
    hashes = {**hashes, **{other.content_hash: other.id for candidates in known.values() for other in candidates}}
    bands = bands or dict(zip([each.id for each in new], title_bands([each.normalized for each in new]), strict=True))
    for each in in_order(new):
        leader = hashes.get(each.content_hash)
        if leader:
            match: Match | None = Match(leader, How.HASH, 1.0)
        else:
            told = sorted(known[each.id], key=lambda other: (other.told_at, other.id)) if each.id in known else []
            match = _nearest(each, [*told, *titles.sharing(bands[each.id])], settings)
        if match:
            result.repeats[each.id] = match
            continue
        hashes[each.content_hash] = each.id
        titles.add(each, bands[each.id])
        result.leaders.append(each)
    return result


def by_meaning(
    new: Sequence[Telling],
    vectors: "NDArray[np.float32]",
    neighbours: Mapping[UUID, Sequence[Neighbour]],
    settings: DuplicateSettings,
    thresholds: "Thresholds",
) -> tuple[Sorted, dict[UUID, float]]:
    """Repeats by meaning and by event; row i of `vectors` is new[i], `neighbours` the known ones near each.

    Also each leader's nearest cosine to what was told within its window.
    """
    result, nearest = Sorted(), dict[UUID, float]()
    cosines = vectors @ vectors.T
    position = {each.id: index for index, each in enumerate(new)}
    columns: list[int] = []
    for each in in_order(new):
        known = [(other, cosine) for other, cosine in neighbours.get(each.id, ()) if within(each, other, settings)]
        row = cosines[position[each.id]][columns]
        told_now = _likest(each, result.leaders, row, settings, thresholds)
        match = likeliest(each, [*known, *told_now], settings, thresholds)
        if match:
            result.repeats[each.id] = match
            continue
        nearest[each.id] = max((cosine for _, cosine in known), default=0.0)
        result.leaders.append(each)
        columns.append(position[each.id])
    return result, nearest


def likeliest(
    each: Telling, candidates: Sequence[Neighbour], settings: DuplicateSettings, thresholds: "Thresholds"
) -> Match | None:
    """The likeliest of the nearest candidates that tell the same story, if any does."""
    near = [(other, cosine) for other, cosine in candidates if cosine > _far(each, other, thresholds)]
    likest = sorted(near, key=lambda candidate: -candidate[1])[:ASKED]
    found = [same_story(each, other, cosine, settings, thresholds) for other, cosine in likest]
    return max((match for match in found if match), key=lambda match: match.likeness, default=None)


def _nearest(each: Telling, candidates: Sequence[Telling], settings: DuplicateSettings) -> Match | None:
    """The likest of the candidates that has near-same a title."""
    if not candidates:
        return None
    from rapidfuzz import fuzz, process

    titles = [" ".join(other.words) for other in candidates]
    least = settings.title_similarity * 100
    # Ties go to the earliest known: extract keeps the order of its choices.
    likest = process.extract(" ".join(each.words), titles, scorer=fuzz.ratio, score_cutoff=least, limit=LIKEST_TITLES)
    for _, _, index in likest:
        likeness = near_same_title(each, candidates[index], settings)
        if likeness is not None:
            return Match(candidates[index].id, How.TITLE, likeness)
    return None


def _likest(
    each: Telling,
    leaders: Sequence[Telling],
    cosines: "NDArray[np.float32]",
    settings: DuplicateSettings,
    thresholds: "Thresholds",
) -> list[Neighbour]:
    """The nearest of those in the batch that lead."""
    found: list[Neighbour] = []
    near = (cosines > min(thresholds.same_language, thresholds.cross_language) - FAR_BELOW).nonzero()[0]
    for index in near[(-cosines[near]).argsort(kind="stable")].tolist():
        if within(each, leaders[index], settings):
            found.append((leaders[index], float(cosines[index])))
        if len(found) == ASKED:
            break
    return found


def _far(one: Telling, other: Telling, thresholds: "Thresholds") -> float:
    """The cosine up to which it is not asked whether they tell one story."""
    across = one.language != other.language
    return (thresholds.cross_language if across else thresholds.same_language) - FAR_BELOW
