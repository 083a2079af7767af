"""What a request is allowed, what it remembers, and what came back: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# A server may ask us to wait, but never to be forgotten.
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True)
class FetchLimits:
    """Limits of one request. `max_bytes` counts the body after unpacking; the rest are seconds and redirects."""

    max_bytes: int = 5_000_000
    connect_seconds: float = 5.0
    read_seconds: float = 10.0
    total_seconds: float = 30.0
    max_redirects: int = 5


@dataclass(frozen=True)
class Validators:
    """What a server gave to tell an unchanged document by, given back exactly as it came."""

    etag: str | None = None
    last_modified: str | None = None

    def as_headers(self) -> dict[str, str]:
        """The headers of a conditional request; empty for the first one."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


@dataclass(frozen=True)
class Fetched:
    """An answer. `address` is where it was found; `moved_to` is set where the server moved it for good.

    `body` is empty where it was written elsewhere (`into`); names of `headers` are in small letters.
    """

    address: str
    body: bytes
    content_type: str
    validators: Validators
    not_modified: bool = False
    moved_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def wait_asked(value: str | None, now: datetime) -> timedelta | None:
    """Retry-After, in seconds or as a date (RFC 9110, 10.2.3), from `now`; None where it says nothing we can read."""
    if value is None:
        return None
    if (text := value.strip()).isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta(0)), LONGEST_WAIT)
