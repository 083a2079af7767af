"""Due: which sources are read now, and in which runs. Pure: rows and a time in, a plan out.

A cron expression means the source's own time zone. A backlog is caught up once; a source that fails waits, longer each
time, and is never given up; a bad expression stops only its own source.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

BATCH = 250
MOST_BATCHES = 50
MOST_TRIES = 3
FIRST_BACK_OFF = timedelta(minutes=5)
LONGEST_BACK_OFF = timedelta(hours=6)
SPREAD = 0.2
# CronSim's next fire is strictly before or after its start: this makes a fire at this very instant count.
_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class SourceClock:
    """When a source fires, when it last did, and how it has been failing since."""

    id: UUID
    cron: str
    last_fired_at: datetime | None
    timezone: str = "UTC"
    backoff_until: datetime | None = None
    failures: int = 0


@dataclass(frozen=True)
class Fire:
    """A source is to be read for the fire of its cron at `at`, after the wait that ended at `waited_until`, if any."""

    source_id: UUID
    at: datetime
    waited_until: datetime | None = None


@dataclass(frozen=True)
class DuePlan:
    """What is due, and which sources' cron or time zone cannot be read, with what is wrong."""

    fires: list[Fire]
    broken: list[tuple[UUID, str]]


@dataclass(frozen=True)
class Batch:
    """Sources that one run reads; `key` is the same for the same fires."""

    source_ids: tuple[UUID, ...]
    key: str
    tried: int = 0

    @property
    def run_key(self) -> str:
        """What Dagster knows the request by: once a try."""
        return f"{self.key}-{self.tried}"


def due(sources: Iterable[SourceClock], now: datetime) -> DuePlan:
    """The latest missed fire of every source, at most one each: a backlog is caught up once."""
    fires, broken = [], []
    for source in sources:
        try:
            latest = latest_fire(source.cron, source.timezone, now)
        except ValueError as error:
            broken.append((source.id, str(error)))
            continue
        if source.backoff_until is not None and now < source.backoff_until:
            continue
        if source.last_fired_at is None or latest > source.last_fired_at:
            fires.append(Fire(source.id, latest, source.backoff_until))
    return DuePlan(fires, broken)


def batches(
    fires: Sequence[Fire],
    *,
    in_flight: Collection[UUID] = (),
    tries: Callable[[Collection[str]], Mapping[str, int]] = lambda _: {},
    size: int = BATCH,
) -> list[Batch]:
    """The fires in the order given, `size` to a run, without sources that a run is already reading.

    `tries` counts, for all batches at once, the ended runs of their keys: one whose run was killed is asked for again,
    `MOST_TRIES` times in all. At most `MOST_BATCHES`; the rest is due on the next tick.
    """
    free = [fire for fire in fires if fire.source_id not in in_flight]
    chosen = [free[start : start + size] for start in range(0, len(free), size)]
    by_key = {_key(one): one for one in chosen}
    tried = tries(by_key.keys()) if by_key else {}
    made = [
        Batch(tuple(fire.source_id for fire in one), key, tried.get(key, 0))
        for key, one in by_key.items()
        if tried.get(key, 0) < MOST_TRIES
    ]
    return made[:MOST_BATCHES]


def latest_fire(cron: str, timezone: str, now: datetime) -> datetime:
    """The latest fire at or before `now`, in UTC. Raises `ValueError` for a cron or zone that cannot be read."""
    return _fire(cron, timezone, now + _AN_INSTANT, reverse=True)


def next_fire(cron: str, timezone: str, now: datetime) -> datetime:
    """The first fire after `now`, in UTC. Raises `ValueError` for a cron or zone that cannot be read."""
    return _fire(cron, timezone, now, reverse=False)


def next_reading(source: SourceClock, now: datetime) -> datetime:
    """When the source is read next: now where it is due, after its back-off where it fails, else at its next fire.

    Raises `ValueError` for a cron or zone that cannot be read.
    """
    latest = latest_fire(source.cron, source.timezone, now)
    if source.last_fired_at is not None and latest <= source.last_fired_at:
        return next_fire(source.cron, source.timezone, now)
    return max(now, source.backoff_until or now)


def back_off(failures: int, asked: timedelta | None = None, *, of: UUID | None = None) -> timedelta:
    """How long a source waits after its `failures`-th failure in a row: 5, 10, 20 … minutes, 6 hours at most.

    With `of` a fifth less at most, by the source and the failure: those that failed together do not come back together.
    Longer where the server asked for it.
    """
    wait = min(FIRST_BACK_OFF * (1 << min(max(failures - 1, 0), 16)), LONGEST_BACK_OFF)
    return max(wait * (1 - SPREAD * _part(of, failures)), asked or timedelta(0))


def _part(of: UUID | None, failures: int) -> float:
    """From 0 to 1, the same for the same source and failure."""
    if of is None:
        return 0.0
    return int.from_bytes(hashlib.sha256(f"{of} {failures}".encode()).digest()[:4]) / 2**32


def _fire(cron: str, timezone: str, start: datetime, *, reverse: bool) -> datetime:
    try:
        return next(CronSim(cron, start.astimezone(_zone(timezone)), reverse=reverse)).astimezone(UTC)
    except CronSimError as error:
        raise ValueError(f"cron expression {cron!r}: {error}") from error
    except (StopIteration, OverflowError) as error:
        raise ValueError(f"cron expression {cron!r} never fires") from error


@lru_cache(maxsize=1_000)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"time zone {name!r} is not known") from error


def _key(fires: Sequence[Fire]) -> str:
    pairs = "\n".join(f"{fire.source_id} {fire.at.isoformat()} {fire.waited_until or ''}" for fire in fires)
    return hashlib.sha256(pairs.encode()).hexdigest()[:32]
