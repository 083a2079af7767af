"""Hosts: whose turn it is at each, until when it wants silence, and how many requests a source has made this minute.

Twice over: once for the threads of this process, which is always true, and once in Redis for all processes, which is
asked as long as it answers. Nothing here waits; politeness.py does.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from limits.strategies import MovingWindowRateLimiter
    from redis import Redis
    from redis.lock import Lock

# Longer than a request with everything it may wait for (30 s, and name resolution): a killed process's turn ends.
TURN_SECONDS = 120.0
WITHOUT_REDIS_SECONDS = 30.0

_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass
class Host:
    """A host as this process knows it. `free_at` is of the monotonic clock."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    silent_until: datetime | None = None


@dataclass
class Shared:
    """What the processes share. Without Redis every answer is the one that holds nobody up."""

    redis: "Redis | None"
    _back_at: float = 0.0

    def turn(self, host: str) -> "Lock | bool":
        """The turn at this host; False while another process has it, True where nobody can say."""
        redis = self.redis
        if redis is None:
            return True
        lock = redis.lock(f"shorts:turn:{host}", timeout=TURN_SECONDS, thread_local=False)
        got = self._asked(lambda: bool(lock.acquire(blocking=False)), None)
        return True if got is None else lock if got else False

    def give_back(self, lock: "Lock | bool", pause: float) -> None:
        """End this turn; the next begins after the pause at the earliest."""
        from redis.exceptions import LockError

        if isinstance(lock, bool):
            return
        # A turn that Redis has forgotten, or given to another meanwhile, is not ours to end.
        with suppress(LockError):
            end = lock.release if pause <= 0 else lambda: lock.extend(pause, replace_ttl=True)
            self._asked(end, None)

    def silent_until(self, host: str) -> datetime | None:
        """Until when the host asked for silence."""
        redis = self.redis
        found = None if redis is None else self._asked(lambda: redis.get(f"shorts:silent:{host}"), None)
        with suppress(ValueError):
            return datetime.fromisoformat(str(found)) if found else None
        return None

    def silence(self, host: str, until: datetime, delay: timedelta) -> None:
        """Remember that the host asked for silence."""
        redis = self.redis
        if redis is not None:
            key, milliseconds = f"shorts:silent:{host}", max(int(delay.total_seconds() * 1000), 1)
            self._asked(lambda: redis.set(key, until.isoformat(), px=milliseconds), None)

    def rate_wait(self, key: str, per_minute: int) -> float:
        """Counts a request of this key, or says how many seconds the minute is still full."""
        redis = self.redis
        return 0.0 if redis is None else self._asked(lambda: _wait(_limiter(redis), key, per_minute), 0.0)

    def _asked(self, ask: "Callable[[], T]", otherwise: T) -> T:
        """Redis's answer; `otherwise` while it does not answer, which is said once and tried again after a while."""
        from redis.exceptions import LockError, RedisError

        if time.monotonic() < self._back_at:
            return otherwise
        try:
            answer = ask()
        except LockError:
            raise
        except RedisError as error:
            if not self._back_at:
                _log.warning("Redis does not answer (%s): each process is polite by itself", type(error).__name__)
            self._back_at = time.monotonic() + WITHOUT_REDIS_SECONDS
            return otherwise
        self._back_at = 0.0
        return answer


@lru_cache(maxsize=8)
def shared(redis: "Redis | None") -> Shared:
    """What this client's server knows; one value a client, so that a server that is down is noticed once."""
    return Shared(redis)


_hosts: dict[str, Host] = {}
_counting = threading.Lock()


def host_here(name: str) -> Host:
    """The host as all threads of this process know it: the one thing here that has to be the process's own."""
    return _hosts.setdefault(name, Host())


def rate_wait_here(key: str, per_minute: int) -> float:
    """As `Shared.rate_wait`, among the threads of this process."""
    # The library's memory starts threads in a way that two callers at once would trip over.
    with _counting:
        return _wait(_limiter(None), key, per_minute)


@lru_cache(maxsize=8)
def _limiter(redis: "Redis | None") -> "MovingWindowRateLimiter":
    from limits.storage import MemoryStorage, RedisStorage
    from limits.strategies import MovingWindowRateLimiter

    if redis is None:
        return MovingWindowRateLimiter(MemoryStorage())
    return MovingWindowRateLimiter(
        RedisStorage("redis://", connection_pool=redis.connection_pool, key_prefix="shorts:rate")
    )


def _wait(limiter: "MovingWindowRateLimiter", key: str, per_minute: int) -> float:
    from limits import RateLimitItemPerMinute

    item = RateLimitItemPerMinute(per_minute)
    if limiter.hit(item, key):
        return 0.0
    return max(limiter.get_window_stats(item, key).reset_time - time.time(), 0.01)
