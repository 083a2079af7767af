"""Split: which examples train and which validate, so that near repeats never lie on both sides. Pure.

What is placed stays. A group of new near repeats goes where the earlier ones it is near to are; a group near to none
(nor of a series that is placed) validates while that keeps validation within its share. One that is near to both sides
can be on neither: it is left out.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shorts_pipeline.performance.training.near_repeats import groups


class Split(StrEnum):
    """A side."""

    TRAIN = "train"
    VALIDATION = "validation"


@dataclass(frozen=True)
class Member:
    """An example: what stands for its topic in a hash, its series, and where it was placed before."""

    key: str
    series: Hashable | None = None
    placed: Split | None = None


def assign(members: Sequence[Member], near: Iterable[tuple[int, int]], *, share: float) -> list[Split | None]:
    """The side of every member, in order; None: left out. `share` is the most that validates, 0 to 1."""
    placing = _Placing(members, near, share)
    new = [place for place, one in enumerate(members) if one.placed is None]
    number = {place: index for index, place in enumerate(new)}
    all_links = [*placing.links, *_within_series(members, new)]
    links = [(number[i], number[j]) for i, j in all_links if i in number and j in number]
    together = [[new[index] for index in group] for group in groups(len(new), links)]
    fresh = [group for group in together if not placing.bound(group)]
    # In an order that says nothing: by time, the same weekday might always validate.
    fresh.sort(key=lambda group: hashlib.sha256(members[group[0]].key.encode()).digest())
    for group in fresh:
        placing.place_fresh(group)
    return placing.sides


class _Placing:
    """The sides so far."""

    def __init__(self, members: Sequence[Member], near: Iterable[tuple[int, int]], share: float) -> None:
        self.members, self.share = members, share
        self.links = sorted(near)
        self.sides: list[Split | None] = [one.placed for one in members]
        self.counts = Counter(side for side in self.sides if side is not None)
        self.neighbours: Mapping[int, set[int]] = defaultdict(set)
        for i, j in self.links:
            self.neighbours[i].add(j)
            self.neighbours[j].add(i)

    def bound(self, group: Sequence[int]) -> bool:
        """Place a group where what is placed already binds it; False where nothing does."""
        sides = set().union(*(self._sides_near(place) for place in group))
        if len(sides) > 1:
            self._one_by_one(group)
            return True
        side = next(iter(sides), None) or self._side_of_series(group)
        if side is not None:
            self._put(group, side)
        return side is not None

    def place_fresh(self, group: Sequence[int]) -> None:
        """Validation while it stays within its share, else training."""
        placed = self.counts.total() + len(group)
        validating = self.counts[Split.VALIDATION] + len(group)
        self._put(group, Split.VALIDATION if validating <= self.share * placed else Split.TRAIN)

    def _one_by_one(self, group: Sequence[int]) -> None:
        """What is near to one side goes there, and so on from what was placed; what is near to both stays out."""
        waiting = list(group)
        while waiting:
            place = next((one for one in waiting if self._sides_near(one)), waiting[0])
            waiting.remove(place)
            sides = self._sides_near(place)
            if len(sides) < 2:
                self._put([place], next(iter(sides), None) or self._side_of_series([place]) or Split.TRAIN)

    def _sides_near(self, place: int) -> set[Split]:
        return {side for other in self.neighbours[place] if (side := self.sides[other]) is not None}

    def _side_of_series(self, group: Sequence[int]) -> Split | None:
        """Where the first placed episode of the group's series is."""
        series = {self.members[place].series for place in group} - {None}
        if not series:
            return None
        found = (side for one, side in zip(self.members, self.sides, strict=True) if one.series in series and side)
        return next(found, None)

    def _put(self, group: Sequence[int], side: Split) -> None:
        for place in group:
            self.sides[place] = side
        self.counts[side] += len(group)


def _within_series(members: Sequence[Member], places: Sequence[int]) -> list[tuple[int, int]]:
    """Links between the places of each series."""
    by_series: dict[Hashable, list[int]] = defaultdict(list)
    for place in places:
        if (series := members[place].series) is not None:
            by_series[series].append(place)
    return [(own[0], other) for own in by_series.values() for other in own[1:]]
