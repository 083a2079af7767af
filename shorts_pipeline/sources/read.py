"""Read: one source in, its items out. The web is touched here; no table is.

`rss` and `trend` sources that are feeds are read; the other kinds get their readers beside this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from shorts_pipeline.database import Source, SourceType
from shorts_pipeline.database.documents import SourceConnection
from shorts_pipeline.errors import ConfigurationError
from shorts_pipeline.resources.fetch import Fetched, Validators
from shorts_pipeline.sources.feeds import FeedItem, read_feed
from shorts_pipeline.sources.rows import KnownSource

FEEDS = frozenset({SourceType.RSS, SourceType.TREND})


class Fetches(Protocol):
    """What a reader needs of the web: `resources.fetch.Fetcher`, or a recording of it."""

    def fetch(
        self, address: str, *, now: datetime, validators: Validators = ..., headers: Mapping[str, str] | None = None
    ) -> Fetched: ...


@dataclass(frozen=True)
class Reading:
    """What a source gave. `unchanged`: the server says that there is nothing new (304)."""

    items: tuple[FeedItem, ...]
    validators: Validators
    unchanged: bool = False
    moved_to: str | None = None


def read(known: KnownSource, fetcher: Fetches, now: datetime) -> Reading:
    """The source's items, asked for only if they changed. Raises an error of errors.py that says what to do."""
    source, learned = known.source, known.learned
    address = feed_address(source)
    validators = Validators(learned.etag, learned.last_modified) if learned else Validators()
    fetched = fetcher.fetch(
        (learned.moved_to if learned else None) or address,
        now=now,
        validators=validators,
        headers=source.connection_config.headers,
    )
    moved_to = fetched.moved_to or (learned.moved_to if learned else None)
    if fetched.not_modified:
        return Reading((), _kept(validators, fetched.validators), unchanged=True, moved_to=moved_to)
    feed = read_feed(
        fetched.body, address=fetched.address, zone=ZoneInfo(source.timezone), content_type=fetched.content_type
    )
    return Reading(feed.items, fetched.validators, moved_to=moved_to)


def feed_address(source: Source) -> str:
    """The address of a feed, its places filled and its query added. Raises `ConfigurationError` for other sources."""
    connection = source.connection_config
    if source.type not in FEEDS or source.parser_config.format != "rss":
        raise ConfigurationError(
            f"source {source.name}: type {source.type.value} with format {source.parser_config.format} "
            "has no reader yet; use a feed (type rss, format rss)"
        )
    if connection.method != "GET" or connection.secret is not None:
        raise ConfigurationError(f"source {source.name}: a feed is read by GET and without a secret")
    address = connection.url
    for place in connection.places:
        address = address.replace("{" + place + "}", _only_value(source.name, connection, place))
    if connection.query:
        address += ("&" if "?" in address else "?") + urlencode(dict(connection.query))
    return address


def _only_value(name: str, connection: SourceConnection, place: str) -> str:
    values = connection.parameters.get(place, ())
    if len(values) != 1:
        raise ConfigurationError(f"source {name}: {{{place}}} in its address needs exactly one value in `parameters`")
    return quote(values[0], safe="")


def _kept(before: Validators, now: Validators) -> Validators:
    """A 304 may leave out what it confirms."""
    return Validators(now.etag or before.etag, now.last_modified or before.last_modified)
