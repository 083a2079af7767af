"""Near repeats: which examples tell nearly the same, and groups of them. Pure; compared by words, not by meaning.

Two are near when they are of one topic, when their titles are alike, when half of what is the shorter script's own
stands in the other, or four fifths of all of it. A script's own is what is not the channel's voice: a greeting that is
in every script makes no story of another.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import regex

# Letters and digits in a row, spaces left out: two or three words of Korean, one or two of English.
SHINGLE = 5
# Looser than what the topics room calls one story (.9): a link too many costs less than one that is missed.
ALIKE_TITLES = 0.8
# Word for word: half of what is a script's own, or nearly the whole.
LEAST_SHARED = 0.5
NEARLY_ALL = 0.8
# What a fifth of the examples say, and at least five, is the voice; fewer may be one story's retellings.
VOICE_SHARE = 0.2
LEAST_OF_VOICE = 5
AT_ONCE = 256
_LETTERS = regex.compile(r"[^\p{L}\p{M}\p{N}]+")


@dataclass(frozen=True)
class Told:
    """What is compared: its topic, the topic's normalised title, and the script."""

    topic: Hashable
    title: str
    script: str


def shingles(text: str) -> frozenset[str]:
    """All runs of `SHINGLE` letters; a shorter text is its own; none of a text without letters."""
    letters = _LETTERS.sub("", unicodedata.normalize("NFC", text).casefold())
    if len(letters) <= SHINGLE:
        return frozenset({letters} if letters else ())
    return frozenset(letters[place : place + SHINGLE] for place in range(len(letters) - SHINGLE + 1))


def shared(one: str, other: str) -> float:
    """Share of the shorter script's shingles that the other has, 0 to 1."""
    a, b = shingles(one), shingles(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def near_pairs(told: Sequence[Told], *, since: int = 0) -> set[tuple[int, int]]:
    """Pairs (i, j), i < j, that are near repeats, where j is at least `since`: what is new against all before it."""
    pairs = _same_topic(told, since) | _near_titles(told, since) | _near_scripts(told, since)
    return {(i, j) for i, j in pairs if i < j}


def groups(count: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The connected components of 0 … count − 1, each in order, in the order of their first."""
    leader = list(range(count))

    def first(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for one, other in links:
        low, high = sorted((first(one), first(other)))
        leader[high] = low
    found: dict[int, list[int]] = defaultdict(list)
    for place in range(count):
        found[first(place)].append(place)
    return [found[place] for place in sorted(found)]


def _same_topic(told: Sequence[Told], since: int) -> set[tuple[int, int]]:
    places: dict[Hashable, list[int]] = defaultdict(list)
    pairs = set()
    for place, one in enumerate(told):
        if place >= since:
            pairs |= {(other, place) for other in places[one.topic]}
        places[one.topic].append(place)
    return pairs


def _near_titles(told: Sequence[Told], since: int) -> set[tuple[int, int]]:
    from rapidfuzz import fuzz, process

    # Words in order once, not again for every pair.
    titles = [" ".join(sorted(one.title.split())) for one in told]
    pairs = set()
    # Some at a time: a table of all pairs of thousands would be large for nothing.
    for begin in range(since, len(told), AT_ONCE):
        asked = titles[begin : begin + AT_ONCE]
        alike = process.cdist(asked, titles, scorer=fuzz.ratio, score_cutoff=ALIKE_TITLES * 100, dtype="uint8")
        found = ((int(other), begin + int(row)) for row, other in zip(*alike.nonzero(), strict=True))
        pairs |= {(other, place) for other, place in found if other < place and titles[place]}
    return pairs


def _near_scripts(told: Sequence[Told], since: int) -> set[tuple[int, int]]:
    texts = [shingles(one.script) for one in told]
    having = Counter(each for text in texts for each in text)
    often = max(LEAST_OF_VOICE, VOICE_SHARE * len(told))
    voice = {each for each, count in having.items() if count >= often}
    return _sharing(texts, since, NEARLY_ALL) | _sharing([text - voice for text in texts], since, LEAST_SHARED)


def _sharing(texts: Sequence[frozenset[str]], since: int, least: float) -> set[tuple[int, int]]:
    """Pairs of which the smaller has at least this share of its shingles in common with the other."""
    import numpy as np
    from scipy.sparse import csr_array

    numbers: dict[str, int] = {}
    columns = [numbers.setdefault(each, len(numbers)) for own in texts for each in own]
    sizes = np.array([len(own) for own in texts], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    having = csr_array((np.ones(len(columns), dtype=np.int32), columns, starts), shape=(len(texts), len(numbers) or 1))
    pairs = set()
    for begin in range(since, len(texts), AT_ONCE):
        common = (having[begin : begin + AT_ONCE] @ having.T).tocoo()
        places, others = common.row + begin, common.col
        near = (common.data >= least * np.minimum(sizes[places], sizes[others])) & (others < places)
        pairs |= set(zip(others[near].tolist(), places[near].tolist(), strict=True))
    return pairs
