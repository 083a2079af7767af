"""Politeness: when a host may be asked again, by all processes together.

One request at a time a host, a pause after each, the source's own rate, and silence for as long as a host asks for it.
With Redis down or dying in the middle every process is still polite by itself, and nothing else changes. Requests that
stay on this machine (a mirror, a test) take turns and are otherwise not held up.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from shorts_pipeline.errors import RetryLater
from shorts_pipeline.resources.fetch import Fetched, FetchFailed, Turn, Validators
from shorts_pipeline.sources.hosts import Host, Shared, host_here, rate_wait_here, shared

if TYPE_CHECKING:
    from redis import Redis
    from redis.lock import Lock

PAUSE = 1.0
JITTER = 0.5
# Crawl-delay is no part of RFC 9309; a longer one would keep a source of several pages from ever being read whole.
LONGEST_CRAWL_DELAY = 60.0
# A full minute of requests, and a longest pause, pass within it.
PATIENCE = 75.0
TRY_AGAIN = timedelta(minutes=1)
LOOK_SECONDS = 0.05
NOTHING_KNOWN = Validators()


class Busy(RetryLater):
    """The host is others' just now, or asked for silence. No failure of the source's: it only waits for its turn."""

    def __init__(self, message: str, *, delay: timedelta = TRY_AGAIN) -> None:
        super().__init__(message, delay=delay)


class TakesTurns(Protocol):
    """The fetcher underneath: `resources.fetch.Fetcher`, or a recording of it that takes a turn for every request."""

    def fetch(
        self,
        address: str,
        *,
        now: datetime,
        validators: Validators = ...,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        json: Mapping[str, Any] | None = None,
        turn: Turn = ...,
    ) -> Fetched: ...


@dataclass(frozen=True)
class Patience:
    """How long is waited for a turn, and how time passes; tests have their own time."""

    seconds: float = PATIENCE
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random


WHAT_A_RUN_HAS = Patience()


def nothing_known(_address: str) -> float | None:
    """No Crawl-delay."""
    return None


def polite(
    fetcher: TakesTurns,
    redis: "Redis | None" = None,
    *,
    source_id: UUID | None = None,
    per_minute: int | None = None,
    pause: float = PAUSE,
    crawl_delay: Callable[[str], float | None] = nothing_known,
    patience: Patience = WHAT_A_RUN_HAS,
) -> "Polite":
    """The fetcher with manners: at most `per_minute` requests for this source, and `pause` seconds (up to half as much
    again) between two to one host, longer where `crawl_delay(address)` says so.
    """
    rate = (str(source_id), per_minute) if source_id and per_minute else None
    return Polite(fetcher, shared(redis), rate, pause, crawl_delay, patience)


@dataclass(frozen=True)
class Polite:
    """A fetcher that waits for its turn; made by `polite`."""

    fetcher: TakesTurns
    shared: Shared
    rate: tuple[str, int] | None
    pause: float
    crawl_delay: Callable[[str], float | None]
    patience: Patience

    def fetch(
        self,
        address: str,
        *,
        now: datetime,
        validators: Validators = NOTHING_KNOWN,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        json: Mapping[str, Any] | None = None,
    ) -> Fetched:
        """As the fetcher underneath. Raises `Busy` besides, where no turn comes in time."""
        return self.fetcher.fetch(
            address, now=now, validators=validators, headers=headers, method=method, json=json, turn=self.turn
        )

    @contextmanager
    def turn(self, address: str, *, now: datetime, near: bool) -> Iterator[None]:
        """This host's only request, by whichever process, until the block ends; then nobody's for the pause."""
        name = urlsplit(address).hostname or ""
        here, until = host_here(name), self.patience.monotonic() + self.patience.seconds
        if not near:
            self._not_while_silent(name, here, now)
            self._within_rate(until)
        with self._alone(name, here, until) as lock:
            pause = 0.0 if near else self._pause(address)
            try:
                yield
            except FetchFailed as failed:
                if failed.delay and not near:
                    here.silent_until = now + failed.delay
                    self.shared.silence(name, now + failed.delay, failed.delay)
                raise
            finally:
                here.free_at = self.patience.monotonic() + pause
                self.shared.give_back(lock, pause)

    @contextmanager
    def _alone(self, name: str, here: Host, until: float) -> "Iterator[Lock | bool]":
        why = f"{name} is busy with other requests"
        while not here.turn.acquire(blocking=False):
            self._look_again(why, until)
        try:
            while (seconds := here.free_at - self.patience.monotonic()) > 0:
                self._look_again(why, until, seconds)
            while (lock := self.shared.turn(name)) is False:
                self._look_again(why, until)
            yield lock
        finally:
            here.turn.release()

    def _pause(self, address: str) -> float:
        own = self.pause * (1 + JITTER * self.patience.chance())
        return max(own, min(self.crawl_delay(address) or 0.0, LONGEST_CRAWL_DELAY))

    def _within_rate(self, until: float) -> None:
        if self.rate is None:
            return
        for wait in (rate_wait_here, self.shared.rate_wait):
            while (seconds := wait(*self.rate)) > 0:
                self._look_again("the source's requests of this minute are used up", until, seconds)

    def _not_while_silent(self, name: str, here: Host, now: datetime) -> None:
        until = max((one for one in (here.silent_until, self.shared.silent_until(name)) if one), default=now)
        if until > now:
            raise Busy(f"{name} asked for silence until {until:%Y-%m-%d %H:%M} UTC", delay=until - now)

    def _look_again(self, why: str, until: float, seconds: float = LOOK_SECONDS) -> None:
        if self.patience.monotonic() + seconds > until:
            raise Busy(f"{why}; asked again in a minute")
        self.patience.sleep(seconds)
