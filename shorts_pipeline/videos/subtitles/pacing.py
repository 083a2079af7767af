"""Pacing: how long each group of words stays, so that it can be read and nothing flickers.

Words are shown when they are spoken. Where they are spoken too fast to be read, short sentences share a group with
their neighbour, a group stays into the pause after it, or it borrows a moment from a longer neighbour.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from shorts_pipeline.resources.speech import Word
from shorts_pipeline.videos.subtitles.group import Group

STAYS = 0.8
"""A group stays until the next one if that comes within this many seconds, so that nothing flickers."""
LINGERS = 0.4
"""Longer than that after its last word it would seem stuck."""
LEAST_SECONDS = 0.7
"""What is shorter than this is noticed and not read (subtitling guides ask for 5/6 s of a line at reading pace)."""
CHARACTERS_A_SECOND = 22.0
"""Above the 17 to 20 of subtitling guides: these words are heard at the same time."""
LEAST_LIT = 0.07
"""A word's turn shorter than two frames is given together with the next word's."""

Set = Callable[[Sequence[Word]], Group | None]
"""Words set as one group, or None where they do not fit into one."""


def paced(groups: Sequence[Group], together: Set, *, end: float | None = None) -> list[Group]:
    """The groups with the times they are seen at; none overlaps another, none goes beyond `end`.

    Before a long pause a group lingers for a moment, as it does at the end.
    """
    joined = _joined(list(groups), together)
    lent = _lent(joined)
    if not lent:
        return []
    closed = [
        replace(group, end=following.start if following.start - group.end <= STAYS else group.end + LINGERS)
        for group, following in pairwise(lent)
    ]
    last = lent[-1]
    latest = max(last.end + LINGERS, last.start + least(last))
    return [*closed, replace(last, end=latest if end is None else max(min(latest, end), last.end))]


def least(group: Group) -> float:
    """Seconds that the group takes to be read."""
    return max(LEAST_SECONDS, len(group.text) / CHARACTERS_A_SECOND)


def turns(group: Group) -> list[tuple[float, float, frozenset[int]]]:
    """From when to when which words are spoken, without a gap; very short turns are one with the next."""
    words = _words(group)
    starts = [group.start, *(min(max(word.start, group.start), group.end) for word in words[1:]), group.end]
    found: list[tuple[float, float, frozenset[int]]] = []
    begun, lit = group.start, frozenset[int]()
    for index, end in enumerate(starts[1:]):
        lit |= {index}
        if end - begun >= LEAST_LIT or index == len(words) - 1:
            found.append((begun, end, lit))
            begun, lit = end, frozenset()
    if len(found) > 1 and found[-1][1] - found[-1][0] < LEAST_LIT:
        (start, _, one), (_, end, other) = found[-2:]
        found[-2:] = [(start, end, one | other)]
    return found


def _joined(groups: Sequence[Group], together: Set) -> list[Group]:
    """A sentence that is too short to be read joins the end of the one before it, or the one after joins it."""
    found: list[Group] = []
    for index, group in enumerate(groups):
        following = groups[index + 1].start if index + 1 < len(groups) else group.end + STAYS
        if found and group.closes and group.start - found[-1].end <= STAYS:
            short = following - group.start < least(group) or group.start - found[-1].start < least(found[-1])
            one = together(_words(found[-1]) + _words(group)) if short else None
            if one is not None:
                found[-1] = one
                continue
        found.append(group)
    return found


def _words(group: Group) -> list[Word]:
    return [word for line in group.lines for word in line]


def _lent(groups: list[Group]) -> list[Group]:
    """What a group lacks it takes from the pause after it, then from the next group, then from the one before it."""
    found = list(groups)
    for index, group in enumerate(found):
        if index + 1 < len(found):
            following = found[index + 1]
            wanted = group.start + least(group)
            spare = max(following.end - least(following), following.start)
            end = min(max(group.end, wanted), max(spare, following.start))
            found[index] = replace(group, end=max(end, min(group.end, following.start)))
            if end > following.start:
                found[index + 1] = replace(following, start=end)
    for index in range(len(found) - 1, 0, -1):
        group, before = found[index], found[index - 1]
        start = group.end - least(group)
        if start < group.start:
            spare = min(before.start + least(before), group.start)
            earlier = max(start, spare)
            found[index] = replace(group, start=earlier)
            found[index - 1] = replace(before, end=min(before.end, earlier))
    return found
