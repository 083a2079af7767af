"""Collect: read sources, keep what is new.

Hosts are read beside each other, the sources of one host one after the other. Each source's result is one short
transaction: its items and what its server said about them stand or fall together, so that a process killed between
reading and storing reads the same again. A source that fails is recorded and waits; it never stops the others, and
what is known of it stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import JobType, Source, SourceItem, SourceState
from shorts_pipeline.errors import PipelineError, Rejected, RetryLater
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.sources.due import back_off, due, latest_fire, next_fire
from shorts_pipeline.sources.feeds import FeedItem
from shorts_pipeline.sources.read import Fetches, Reading, read
from shorts_pipeline.sources.retention import kept_since
from shorts_pipeline.sources.rows import KnownSource, known_sources, source_clocks

HOSTS_AT_ONCE = 8
SHOWN_ERRORS = 20
ERROR_LIMIT = 500


class AllSourcesFailed(PipelineError):
    """Not one source of the run could be read."""


@dataclass(frozen=True)
class CollectedSource:
    """What one source gave: items read, those that are new, or why there are none."""

    source_id: UUID
    name: str
    read: int = 0
    new: int = 0
    unchanged: bool = False
    error: str | None = None


@dataclass(frozen=True)
class Collected:
    """What a run collected, source by source."""

    sources: tuple[CollectedSource, ...]

    @property
    def failed(self) -> tuple[CollectedSource, ...]:
        return tuple(source for source in self.sources if source.error is not None)

    @property
    def new(self) -> int:
        return sum(source.new for source in self.sources)

    def as_metadata(self) -> dict[str, Any]:
        """Numbers to plot, and the first errors."""
        return {
            "sources": len(self.sources),
            "sources_failed": len(self.failed),
            "sources_unchanged": sum(source.unchanged for source in self.sources),
            "items_read": sum(source.read for source in self.sources),
            "items_new": self.new,
            "by_source": {s.name: {"read": s.read, "new": s.new} for s in self.sources[:100] if s.error is None},
            "errors": {source.name: source.error for source in self.failed[:SHOWN_ERRORS]},
        }

    def raise_if_all_failed(self) -> None:
        """A run fails only when every source of it failed."""
        if self.sources and len(self.failed) == len(self.sources):
            first = self.failed[0]
            raise AllSourcesFailed(f"all {len(self.sources)} sources failed; the first, {first.name}: {first.error}")


def collect(
    sessions: sessionmaker[Session],
    fetcher: Fetches,
    *,
    source_ids: Sequence[UUID] | None = None,
    clock: Clock,
    run_id: str | None = None,
    limit: int | None = None,
    dry_run: bool = False,
) -> Collected:
    """Read these sources now, or (None) those that are due; new items are stored, failures are recorded.

    `dry_run` only names the sources. Raises `AllSourcesFailed` when there were sources and none could be read.
    """
    with sessions() as session:
        ids = _due_now(session, clock.now()) if source_ids is None else source_ids
        known = known_sources(session, ids[:limit])
    if dry_run:
        return Collected(tuple(CollectedSource(one.source.id, one.source.name) for one in known))
    with logged(sessions, JobType.COLLECT, clock=clock, metadata={"run_id": run_id, "sources": len(known)}) as job:
        collected = Collected(tuple(_each_host(sessions, fetcher, known, clock, run_id)))
        job.result = collected.as_metadata()
        collected.raise_if_all_failed()
    return collected


def _due_now(session: Session, now: datetime) -> list[UUID]:
    return [fire.source_id for fire in due(source_clocks(session), now).fires]


def _each_host(
    sessions: sessionmaker[Session], fetcher: Fetches, known: Iterable[KnownSource], clock: Clock, run_id: str | None
) -> list[CollectedSource]:
    hosts: dict[str, list[KnownSource]] = {}
    for one in known:
        hosts.setdefault(_host(one), []).append(one)

    def in_turn(sources: list[KnownSource]) -> list[CollectedSource]:
        return [_collect_one(sessions, fetcher, one, clock, run_id) for one in sources]

    with ThreadPoolExecutor(max_workers=HOSTS_AT_ONCE, thread_name_prefix="collect") as pool:
        return [result for results in pool.map(in_turn, hosts.values()) for result in results]


def _collect_one(
    sessions: sessionmaker[Session], fetcher: Fetches, known: KnownSource, clock: Clock, run_id: str | None
) -> CollectedSource:
    source, started = known.source, clock.now()
    try:
        reading = read(known, fetcher, started)
        with sessions.begin() as session:
            new = store(session, known, reading, now=started, run_id=run_id)
    except Exception as error:  # whatever went wrong is this source's alone
        with sessions.begin() as session:
            record_failure(session, known, error, now=clock.now())
        return CollectedSource(source.id, source.name, error=_reason(error))
    return CollectedSource(source.id, source.name, len(reading.items), new, reading.unchanged)


def store(session: Session, known: KnownSource, reading: Reading, *, now: datetime, run_id: str | None = None) -> int:
    """Keep the new items of a reading and what its server said; returns how many were new."""
    source = known.source
    since = kept_since(session, source.id, now)
    rows = [_row(source.id, item, now, run_id) for item in reading.items if _still_kept(item, since)]
    new = 0
    if rows:
        statement = insert(SourceItem).on_conflict_do_nothing(index_elements=["source_id", "item_key"])
        new = len(session.scalars(statement.returning(SourceItem.id), rows).all())
    _set_state(
        session,
        known,
        etag=reading.validators.etag,
        last_modified=reading.validators.last_modified,
        last_fired_at=_fired(source, now),
        next_due_at=_next(source, now),
        failures=0,
        backoff_until=None,
        last_error=None,
        last_error_at=None,
        moved_to=reading.moved_to,
        gone=False,
    )
    session.execute(update(Source).where(Source.id == source.id).values(last_collected_at=now))
    return new


def record_failure(session: Session, known: KnownSource, error: Exception, *, now: datetime) -> None:
    """The source waits longer after each failure in a row; what it gave before stays as it is."""
    failures = (known.learned.failures if known.learned else 0) + 1
    asked = error.delay if isinstance(error, RetryLater) else None
    until = now + back_off(failures, asked)
    learned: dict[str, Any] = {"failures": failures, "gone": isinstance(error, Rejected)}
    if known.learned is None:
        # What was learned at another address says nothing about this one.
        learned |= {"etag": None, "last_modified": None, "moved_to": None}
    _set_state(
        session,
        known,
        backoff_until=until,
        next_due_at=until,
        last_error=_reason(error),
        last_error_at=now,
        **learned,
    )


def record_broken(session: Session, broken: Mapping[UUID, str], *, now: datetime) -> int:
    """Say on each source what is wrong with its cron or time zone, once; returns on how many that was news."""
    if not broken:
        return 0
    rows = [{"source_id": id_, "last_error": why, "last_error_at": now} for id_, why in broken.items()]
    statement = insert(SourceState).values(rows)
    changed = statement.on_conflict_do_update(
        index_elements=["source_id"],
        set_={"last_error": statement.excluded.last_error, "last_error_at": now, "updated_at": func.now()},
        where=SourceState.last_error.is_distinct_from(statement.excluded.last_error),
    )
    return len(session.scalars(changed.returning(SourceState.source_id)).all())


def _set_state(session: Session, known: KnownSource, **values: Any) -> None:
    address = known.source.connection_config.url
    statement = insert(SourceState).values(source_id=known.source.id, address=address, **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["source_id"], set_={"address": address, **values, "updated_at": func.now()}
        )
    )


def _row(source_id: UUID, item: FeedItem, now: datetime, run_id: str | None) -> dict[str, Any]:
    # A feed's clock may be wrong; no story is from the future.
    published = None if item.published_at is None else min(item.published_at, now)
    return {
        "source_id": source_id,
        "item_key": item.key,
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "published_at": published,
        "metrics": item.metrics,
        "raw_language": item.language,
        "fetched_at": now,
        "run_id": run_id,
    }


def _still_kept(item: FeedItem, since: datetime) -> bool:
    """An item older than what is kept would be pruned, read again and pruned again."""
    return item.published_at is None or item.published_at >= since


def _fired(source: Source, now: datetime) -> datetime:
    try:
        return latest_fire(source.cron_expression, source.timezone, now)
    except ValueError:
        return now  # read by hand: its cron is broken


def _next(source: Source, now: datetime) -> datetime | None:
    try:
        return next_fire(source.cron_expression, source.timezone, now)
    except ValueError:
        return None


def _host(known: KnownSource) -> str:
    address = (known.learned.moved_to if known.learned else None) or known.source.connection_config.url
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""  # reading it will say what is wrong


def _reason(error: Exception) -> str:
    """Why, in one line. Only our own messages are known to hold no secret; others are named by their kind."""
    message = str(error) if isinstance(error, PipelineError) else type(error).__name__
    return " ".join(message.split())[:ERROR_LIMIT]
