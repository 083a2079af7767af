"""Waiting: which channels' topics are asked for, because items wait there unjudged. Pure: rows in, requests out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shorts_pipeline.sources.rows import WaitingChannel

# A tick's runs are made one by one after it; more would keep the daemon from other sensors.
MOST_RUNS = 200
# Every tick looks at the items read lately, and once in a while at all: a million take three seconds to look through.
LATELY = timedelta(hours=3)
LOOK_AT_ALL_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Cursor:
    """What one tick tells the next: the last channel that was asked for, and when all items were last looked at."""

    after: str = ""
    all_at: datetime | None = None

    @classmethod
    def read(cls, written: str | None) -> "Cursor":
        """As `written` by an earlier tick; anything else starts anew."""
        after, _, at = (written or "").partition(" ")
        try:
            return cls(after, datetime.fromisoformat(at))
        except ValueError:
            return cls()

    def written(self) -> str:
        """For the next tick."""
        return f"{self.after} {self.all_at.isoformat() if self.all_at else ''}"

    def since(self, now: datetime) -> datetime | None:
        """From when on items are looked at; None: at all."""
        fresh = self.all_at is not None and timedelta(0) <= now - self.all_at < LOOK_AT_ALL_EVERY
        return now - LATELY if fresh else None

    def moved(self, asked: "Sequence[TopicsRequest]", now: datetime) -> "Cursor":
        """After a tick at `now` that asked for these. All were looked at when none had to be left for the next."""
        seen = self.since(now) is None and len(asked) < MOST_RUNS
        return Cursor(asked[-1].slug if asked else self.after, now if seen else self.all_at)


@dataclass(frozen=True)
class TopicsRequest:
    """One run of a channel's topics.

    `key` changes with what waits, and every hour, so that a run that failed is tried again.
    """

    slug: str
    key: str


def requests(
    waiting: Iterable[WaitingChannel],
    now: datetime,
    *,
    partitions: Collection[str],
    in_flight: Collection[str],
    after: str | None = None,
    most: int = MOST_RUNS,
) -> list[TopicsRequest]:
    """A request for each waiting channel that has its partition and no run on its way, at most `most`.

    In turn: those behind the channel `after` come first, so that channels whose runs fail again and again keep no other
    waiting. One unknown partition key would fail the whole tick, so a channel without one waits until it has it.
    """
    free = [one for one in waiting if one.slug in partitions and one.slug not in in_flight]
    in_turn = sorted(free, key=lambda one: (one.slug <= (after or ""), one.slug))
    return [
        TopicsRequest(one.slug, f"{one.slug}:{one.newest.isoformat()}:{one.items}:{now:%Y-%m-%dT%H}")
        for one in in_turn[:most]
    ]
