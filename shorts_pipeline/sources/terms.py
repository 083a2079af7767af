"""Terms: what people search for, and how fast interest in it grows from poll to poll.

A term is one row that every poll renews, not a story. Its metrics:

- `traffic`: searches as the source gives them now ("20K+" is 20,000).
- `growth`: traffic now against traffic `WINDOW` ago, minus 1: 0.5 is half again as much within six hours. Against the
  latest poll that is at least that old; while there is none, against the first. Where that poll is older than the
  window, the part of the change that falls to one window: (now / then − 1) × window / time between. Not given before
  the second poll.
- `seen`, `first_traffic`, `first_seen`: polls that had the term, and how it was in the first.
- `polls`: [seconds since 1970, traffic] of what growth still needs.

A term that no poll had for `FORGOTTEN` begins anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shorts_pipeline.sources.items import FoundItem, short_key

WINDOW = timedelta(hours=6)
FORGOTTEN = timedelta(hours=24)
# Polls that are nearer to each other say the same.
_APART = WINDOW / 24


def as_terms(items: Iterable[FoundItem], place: str) -> tuple[FoundItem, ...]:
    """The items as terms of a place ("geo=KR"): the same words there are the same row, however they are written."""
    terms: dict[str, FoundItem] = {}
    for item in items:
        title = " ".join(item.title.split())
        key = short_key(f"{place} {title.casefold()}".strip())
        terms.setdefault(key, replace(item, key=key, title=title))
    return tuple(terms.values())


def renewed(before: Mapping[str, Any] | None, traffic: float | None, now: datetime) -> dict[str, Any]:
    """A term's metrics after a poll that had it at `now`, from those of the poll before (None: it is new)."""
    at = now.timestamp()
    polls = _polls(before)
    if not polls and before and traffic is None:
        return {**before, "seen": int(before.get("seen", 1)) + 1}
    if before is None or not polls or at - polls[-1][0] > FORGOTTEN.total_seconds():
        first = {"seen": 1, "first_seen": now.isoformat()}
        return first if traffic is None else {**first, **_measured(traffic), "polls": [[at, traffic]]}
    metrics = {**before, "seen": int(before.get("seen", 1)) + 1}
    if traffic is None:
        return metrics
    metrics["traffic"] = traffic
    if (growth := _growth(polls, at, traffic)) is not None:
        metrics["growth"] = growth
    return {**metrics, "polls": _kept(polls, at, traffic)}


def _measured(traffic: float) -> dict[str, float]:
    return {"traffic": traffic, "first_traffic": traffic}


def _growth(polls: list[list[float]], at: float, traffic: float) -> float | None:
    window = WINDOW.total_seconds()
    then, amount = next((poll for poll in reversed(polls) if at - poll[0] >= window), polls[0])
    if at <= then or amount <= 0:
        return None
    return round((traffic / amount - 1) * min(1.0, window / (at - then)), 4)


def _kept(polls: list[list[float]], at: float, traffic: float) -> list[list[float]]:
    """The polls of the window, the latest before it, and this one; at most 26."""
    older = [poll for poll in polls if at - poll[0] >= WINDOW.total_seconds()][-1:]
    within = [poll for poll in polls if at - poll[0] < WINDOW.total_seconds()]
    if len(within) > 1 and within[-1][0] - within[-2][0] < _APART.total_seconds():
        within.pop()
    return [*older, *within, [at, traffic]]


def _polls(before: Mapping[str, Any] | None) -> list[list[float]]:
    found = before.get("polls") if before else None
    return [[float(at), float(traffic)] for at, traffic in found] if isinstance(found, list) else []
