"""Collect: read sources, keep what is new.

Hosts are read beside each other, the sources of one host one after the other. What each address gives is one short
transaction: its items and what its server said about them stand or fall together, so that a process killed between
reading and storing reads the same again. A source that fails is recorded and waits; it never stops the others, and
what is known of it stays. Of a source with several addresses one that is dead stops no other.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from shorts_pipeline.clock import Clock
from shorts_pipeline.database import JobType, Source
from shorts_pipeline.errors import PipelineError, Rejected, RetryLater
from shorts_pipeline.operations.job_log import logged
from shorts_pipeline.resources.fetch import Gone
from shorts_pipeline.resources.fetch.failures import shown
from shorts_pipeline.sources.due import due
from shorts_pipeline.sources.places import Address, addresses
from shorts_pipeline.sources.politeness import Busy, TakesTurns, polite
from shorts_pipeline.sources.read import Fetches, Reader, Reading
from shorts_pipeline.sources.robots import PRODUCT, Robots
from shorts_pipeline.sources.rows import KnownSource, known_sources, source_clocks
from shorts_pipeline.sources.store import (
    Stored,
    forget_addresses,
    learned_by,
    reason,
    record_address,
    record_failure,
    record_success,
    seen_keys,
    store_items,
)

if TYPE_CHECKING:
    from redis import Redis


# The web as one source may use it: at its own rate, when its hosts' turn comes.
@dataclass(frozen=True)
class Web:
    """What a source has of the web: requests with manners, and the rules of the sites."""

    fetches: Fetches
    robots: Robots


WebOf = Callable[[Source], Web]

HOSTS_AT_ONCE = 8
SHOWN_ERRORS = 20


class AllSourcesFailed(PipelineError):
    """Not one source of the run could be read."""


@dataclass(frozen=True)
class CollectedSource:
    """What one source gave: items read, those that are new, known ones that changed, or why there are none.

    `waits`: its host is being read by another run; that is no failure.
    """

    source_id: UUID
    name: str
    read: int = 0
    new: int = 0
    unchanged: bool = False
    error: str | None = None
    changed: int = 0
    answered: int = 0
    addresses_failed: int = 0
    waits: bool = False

    def with_(self, reading: Reading, stored: Stored) -> "CollectedSource":
        """And what one more of its addresses gave."""
        return replace(
            self,
            read=self.read + len(reading.items),
            new=self.new + stored.new,
            changed=self.changed + stored.changed,
            unchanged=reading.unchanged and (self.unchanged or not self.answered),
            answered=self.answered + 1,
        )


@dataclass(frozen=True)
class Collected:
    """What a run collected, source by source."""

    sources: tuple[CollectedSource, ...]

    @property
    def failed(self) -> tuple[CollectedSource, ...]:
        return tuple(source for source in self.sources if source.error is not None and not source.waits)

    @property
    def new(self) -> int:
        return sum(source.new for source in self.sources)

    def as_metadata(self) -> dict[str, Any]:
        """Numbers to plot, and the first errors."""
        return {
            "sources": len(self.sources),
            "sources_failed": len(self.failed),
            "sources_waiting": sum(source.waits for source in self.sources),
            "sources_unchanged": sum(source.unchanged for source in self.sources),
            "items_read": sum(source.read for source in self.sources),
            "items_new": self.new,
            "items_changed": sum(source.changed for source in self.sources),
            "addresses_failed": sum(source.addresses_failed for source in self.sources),
            "by_source": {s.name: {"read": s.read, "new": s.new} for s in self.sources[:100] if s.error is None},
            "errors": {source.name: source.error for source in self.failed[:SHOWN_ERRORS]},
        }

    def raise_if_all_failed(self) -> None:
        """A run fails only when every source of it failed; one that waits for its host has not."""
        if self.sources and len(self.failed) == len(self.sources):
            first = self.failed[0]
            raise AllSourcesFailed(f"all {len(self.sources)} sources failed; the first, {first.name}: {first.error}")


def collect(
    sessions: sessionmaker[Session],
    fetcher: TakesTurns,
    *,
    source_ids: Sequence[UUID] | None = None,
    clock: Clock,
    redis: "Redis | None" = None,
    run_id: str | None = None,
    limit: int | None = None,
    dry_run: bool = False,
) -> Collected:
    """Read these sources now, or (None) those that are due; new items are stored, failures are recorded.

    Hosts take turns and rates hold in all processes together through `redis`, without it in this one.
    `dry_run` only names the sources. Raises `AllSourcesFailed` when there were sources and none could be read.
    """
    with sessions() as session:
        ids = _due_now(session, clock.now()) if source_ids is None else source_ids
        known = known_sources(session, ids[:limit])
    if dry_run:
        return Collected(tuple(CollectedSource(one.source.id, one.source.name) for one in known))
    with logged(sessions, JobType.COLLECT, clock=clock, metadata={"run_id": run_id, "sources": len(known)}) as job:
        collected = Collected(tuple(_each_host(_Run(sessions, web(fetcher, redis), clock, run_id), known)))
        job.result = collected.as_metadata()
        collected.raise_if_all_failed()
    return collected


def _due_now(session: Session, now: datetime) -> list[UUID]:
    return [fire.source_id for fire in due(source_clocks(session), now).fires]


def web(fetcher: TakesTurns, redis: "Redis | None") -> WebOf:
    """The web as sources may use it: turns and rates in all processes together through `redis`, else in this one."""
    robots = Robots(polite(fetcher, redis), redis, agent=getattr(fetcher, "user_agent", PRODUCT))

    def web_of(source: Source) -> Web:
        rate = source.rate_limit
        return Web(polite(fetcher, redis, source_id=source.id, per_minute=rate, crawl_delay=robots.crawl_delay), robots)

    return web_of


def _each_host(run: "_Run", known: Iterable[KnownSource]) -> list[CollectedSource]:
    hosts: dict[str, list[KnownSource]] = {}
    for one in known:
        hosts.setdefault(_host(one), []).append(one)

    def in_turn(sources: list[KnownSource]) -> list[CollectedSource]:
        return [run.collect(one) for one in sources]

    with ThreadPoolExecutor(max_workers=HOSTS_AT_ONCE, thread_name_prefix="collect") as pool:
        return [result for results in pool.map(in_turn, hosts.values()) for result in results]


@dataclass(frozen=True)
class _Run:
    """One run: reads sources one by one, and keeps what they give."""

    sessions: sessionmaker[Session]
    web_of: WebOf
    clock: Clock
    run_id: str | None

    def collect(self, known: KnownSource) -> CollectedSource:
        """Read a source at all its addresses; it has failed where none of them could be read."""
        source, started = known.source, self.clock.now()
        told = CollectedSource(source.id, source.name)
        errors: list[Exception] = []
        try:
            asked = addresses(source, known.wishes)
            reader = self._reader(known, started)
            for address in asked:
                try:
                    told = told.with_(*self._one(known, reader, address, started))
                except Exception as error:  # whatever went wrong is this address's alone
                    errors.append(error)
                    self._failed_at(known, address, error)
                    if isinstance(error, Busy):
                        break
            return self._ended(known, asked, told, errors, started)
        except Exception as error:  # whatever went wrong is this source's alone
            return self._failed(known, told, error)

    def _reader(self, known: KnownSource, now: datetime) -> Reader:
        def seen(keys: Collection[str]) -> set[str]:
            with self.sessions() as session:
                return seen_keys(session, known.source.id, keys)

        own = self.web_of(known.source)
        return Reader.of(known.source, own.fetches, own.robots, now, seen)

    def _one(self, known: KnownSource, reader: Reader, address: Address, now: datetime) -> tuple[Reading, Stored]:
        """One address: read, then kept in one short transaction with what its server said."""
        learned = known.learned_at(address)
        if address.place and learned is not None and learned.gone:
            raise Gone(f"{shown(address.url)} is gone for good (410)")
        reading = reader.read(address, learned)
        with self.sessions.begin() as session:
            stored = store_items(session, known.source, address, reading.items, now=now, run_id=self.run_id)
            if address.place:
                record_address(session, known.source.id, address, gone=False, **learned_by(reading))
            else:
                record_success(session, known, now=now, **learned_by(reading))
        return reading, stored

    def _failed_at(self, known: KnownSource, address: Address, error: Exception) -> None:
        if address.place and isinstance(error, Rejected):
            with self.sessions.begin() as session:
                record_address(session, known.source.id, address, gone=True)

    def _ended(
        self,
        known: KnownSource,
        asked: Sequence[Address],
        told: CollectedSource,
        errors: Sequence[Exception],
        now: datetime,
    ) -> CollectedSource:
        if asked and told.answered == 0:
            return self._failed(known, told, _of_all(errors, asked))
        if not asked or asked[0].place:
            failed = f"{len(errors)} of {len(asked)} addresses: {reason(errors[0])}" if errors else None
            with self.sessions.begin() as session:
                record_success(session, known, now=now, note=failed)
                forget_addresses(session, known.source.id, asked)
            told = replace(told, addresses_failed=len(errors))
        return told

    def _failed(self, known: KnownSource, told: CollectedSource, error: Exception) -> CollectedSource:
        with self.sessions.begin() as session:
            record_failure(session, known, error, now=self.clock.now())
        return replace(told, error=reason(error), waits=isinstance(error, Busy))


def _of_all(errors: Sequence[Exception], asked: Sequence[Address]) -> Exception:
    """Why a source failed at all its addresses: the first reason, and the longest wait that was asked for."""
    if len(asked) == 1 and not asked[0].place:
        return errors[0]
    waits = [error.delay for error in errors if isinstance(error, RetryLater) and error.delay]
    # With places, a source whose addresses are gone is not: a channel may ask for others.
    if all(isinstance(error, Busy) for error in errors):
        return errors[0]
    return RetryLater(
        f"all {len(asked)} addresses failed; the first: {reason(errors[0])}", delay=max(waits, default=None)
    )


def _host(known: KnownSource) -> str:
    address = (known.learned.moved_to if known.learned else None) or known.source.connection_config.url
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""  # reading it will say what is wrong
