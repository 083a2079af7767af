"""Robots: what a site's robots.txt lets us read (RFC 9309), for readers that look at pages.

Read through the same safe and polite fetcher as everything else, and kept for a day in Redis and in this value.
"""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit, urlunsplit

from shorts_pipeline.errors import NeedsPerson, RetryLater
from shorts_pipeline.resources.fetch import Fetched, FetchFailed, Gone
from shorts_pipeline.resources.fetch.failures import shown

if TYPE_CHECKING:
    from protego import Protego
    from redis import Redis

PRODUCT = "shorts-pipeline"
KEPT = timedelta(days=1)
# Rules that are older serve while the site cannot be asked (RFC 9309, 2.4).
KEPT_AT_MOST = timedelta(days=7)
MOST_BYTES = 500 * 1024
LOOKED_AT = 20
_ASK_LATER = frozenset({429})
_DISALLOW = re.compile(r"^[ \t]*disallow[ \t]*:[ \t]*([^\s#]+)", re.I | re.M)


class ForbiddenByRobots(NeedsPerson):
    """The site does not want this address read by programs; the message says which rule."""


class Asks(Protocol):
    """What is needed of the web."""

    def fetch(self, address: str, *, now: datetime) -> Fetched: ...


@dataclass(frozen=True)
class _Kept:
    """A robots.txt as it was; an empty one allows everything."""

    text: str
    read_at: datetime


class Robots:
    """The rules of the sites of one run. `agent` is our User-Agent or the product in it."""

    def __init__(self, fetches: Asks, redis: "Redis | None" = None, *, agent: str = PRODUCT) -> None:
        self._fetches = fetches
        self._redis = redis
        self._product = agent.partition("/")[0].strip() or PRODUCT
        self._kept: dict[str, _Kept] = {}

    def check(self, address: str, now: datetime) -> None:
        """Returns where `address` may be read. Raises `ForbiddenByRobots`, or `RetryLater` while nobody can say."""
        text = self._rules(_site(address), now).text
        if not _parsed(text).can_fetch(address, self._product):
            raise ForbiddenByRobots(
                f"robots.txt of {_site(address)} forbids {shown(address)}{_which(text, address, self._product)}; "
                "remove the source or ask the site"
            )

    def crawl_delay(self, address: str) -> float | None:
        """Seconds between two requests that the site asks for, where its rules are known already."""
        site = _site(address)
        kept = self._kept.get(site) or self._remembered(site)
        return None if kept is None else _parsed(kept.text).crawl_delay(self._product)

    def _rules(self, site: str, now: datetime) -> _Kept:
        kept = self._kept.get(site) or self._remembered(site)
        if kept is None or now - kept.read_at >= KEPT:
            kept = self._read(site, now, kept)
        self._kept[site] = kept
        return kept

    def _read(self, site: str, now: datetime, older: _Kept | None) -> _Kept:
        try:
            body = self._fetches.fetch(f"{site}/robots.txt", now=now).body
        except Gone:
            body = b""
        except FetchFailed as failed:
            if failed.status is None or failed.status >= 500 or failed.status in _ASK_LATER:
                if older is not None and now - older.read_at < KEPT_AT_MOST:
                    return older
                raise RetryLater(f"robots.txt cannot be read: {failed}", delay=failed.delay) from failed
            body = b""  # it has none: everything is allowed
        kept = _Kept(_text(body), now)
        self._remember(site, kept)
        return kept

    def _remembered(self, site: str) -> _Kept | None:
        from redis.exceptions import RedisError

        if self._redis is None:
            return None
        try:
            found = json.loads(str(self._redis.get(_key(site)) or "null"))
            return _Kept(str(found["text"]), datetime.fromisoformat(found["read_at"])) if found else None
        except (RedisError, ValueError, KeyError, TypeError):
            return None

    def _remember(self, site: str, kept: _Kept) -> None:
        from redis.exceptions import RedisError

        if self._redis is not None:
            value = json.dumps({"text": kept.text, "read_at": kept.read_at.isoformat()})
            with suppress(RedisError):
                self._redis.set(_key(site), value, ex=int(KEPT_AT_MOST.total_seconds()))


def _site(address: str) -> str:
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2].lower(), "", "", ""))


def _key(site: str) -> str:
    return f"shorts:robots:{site}"


def _text(body: bytes) -> str:
    return body[:MOST_BYTES].decode("utf-8-sig", "replace")


@lru_cache(maxsize=32)
def _parsed(text: str) -> "Protego":
    from protego import Protego

    return Protego.parse(text)


def _which(text: str, address: str, product: str) -> str:
    """The rule without which the address would be allowed, in words."""
    alone = [rule for rule in dict.fromkeys(_DISALLOW.findall(text)) if _forbids(f"Disallow: {rule}", address)]
    for rule in sorted(alone, key=len, reverse=True)[:LOOKED_AT]:
        without = re.sub(rf"^[ \t]*disallow[ \t]*:[ \t]*{re.escape(rule)}[ \t]*(#.*)?$", "", text, flags=re.I | re.M)
        if _parsed(without).can_fetch(address, product):
            return f" (“Disallow: {rule}”)"
    return ""


def _forbids(rule: str, address: str) -> bool:
    return not _parsed(f"User-agent: *\n{rule}").can_fetch(address, "anyone")
