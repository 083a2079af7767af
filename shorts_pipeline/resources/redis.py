"""Redis: caches and live state. With Redis empty or down nothing is lost, only slower."""

from functools import lru_cache
from typing import TYPE_CHECKING

import dagster as dg

from shorts_pipeline.settings import Settings
from shorts_pipeline.settings import settings as read_settings

if TYPE_CHECKING:
    from redis import Redis

NOWHERE = "redis://127.0.0.1:1/0"
TIME_LIMIT = 2.0


@lru_cache
def _client(url: str) -> "Redis":
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=TIME_LIMIT,
        socket_connect_timeout=TIME_LIMIT,
        retry=Retry(NoBackoff(), 1),
    )


class RedisResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """A client of Redis or Valkey; callers suppress `RedisError`, since nothing here decides anything.

    Without a `url` it is read from the settings when it is needed: an address may hold a password (see postgres.py).
    """

    url: str | None = None

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> "RedisResource":
        return cls() if settings is None else cls(url=settings.redis_url or "")

    @property
    def client(self) -> "Redis":
        """Texts in and out; without an address every call fails at once, like a Redis that is down."""
        url = read_settings().redis_url if self.url is None else self.url
        return _client(url or NOWHERE)
