"""Feeds: what a feed's bytes say, as items that are safe to store.

An item has one identity within its source, a web address or none, and text without markup, in NFC and without
invisible characters. Which items are worth anything is not decided here.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urljoin, urlsplit

from shorts_pipeline.language import clean_line, cut
from shorts_pipeline.sources.markup import plain
from shorts_pipeline.sources.parse import Entry, has_zone, parse

LONGEST_TITLE = 500
LONGEST_TEXT = 20_000
LONGEST_KEY = 300
LONGEST_LINK = 2_000
_LANGUAGE = re.compile(r"[a-z]{2}(?=$|[-_])", re.I)


@dataclass(frozen=True)
class FeedItem:
    """One thing a source said. `key` tells it from the source's other items; `published_at` is aware, or unknown."""

    key: str
    title: str
    text: str = ""
    url: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Feed:
    """A feed's items, each once, in its order; `dropped` counts repeats and entries without any words."""

    items: tuple[FeedItem, ...]
    dropped: int = 0


def read_feed(body: bytes, *, address: str, zone: tzinfo, content_type: str = "") -> Feed:
    """The items of the feed found at `address`; dates that say no zone are in `zone`.

    Raises `parse.UnreadableFeed` for anything that is no feed. A feed without entries is a feed.
    """
    parsed = parse(body, content_type)
    found = _LANGUAGE.match(parsed.language or "")
    language = found[0].lower() if found else None
    items: dict[str, FeedItem] = {}
    for entry in parsed.entries:
        item = _item(entry, address, zone, language)
        if item is not None:
            items.setdefault(item.key, item)
    return Feed(tuple(items.values()), dropped=len(parsed.entries) - len(items))


def canonical(link: str, base: str) -> str | None:
    """The link as an absolute http(s) address without tracking parameters; None for any other kind of link."""
    from courlan import clean_url

    try:
        # Browsers leave out breaks inside an address, so that "java\nscript:" runs.
        absolute = urljoin(base, clean_line(re.sub(r"[\t\r\n]", "", link)).replace(" ", "%20"))
        parts = urlsplit(absolute)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
            return None
        cleaned = clean_url(absolute) or absolute
        if urlsplit(cleaned).scheme not in {"http", "https"}:
            return None
    except ValueError:
        return None
    # A fragment names a place on the page, except where it is the page.
    cleaned = cleaned if parts.fragment.startswith(("!", "/")) else urldefrag(cleaned).url
    return cleaned if len(cleaned) <= LONGEST_LINK else None


def published(entry: Entry, zone: tzinfo) -> datetime | None:
    """When the entry was published, in UTC; a date that says no zone is the source's local time."""
    written = entry.published.strip()
    moment = _iso(written) or _rfc822(written)
    if moment is None or (moment.tzinfo is None and has_zone(written)):
        # A zone known by name only, or a spelling that only feedparser reads.
        moment = _iso(entry.published_utc) or moment
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _item(entry: Entry, address: str, zone: tzinfo, language: str | None) -> FeedItem | None:
    text = cut(plain(entry.text), LONGEST_TEXT)
    title = cut(clean_line(plain(entry.title)) or clean_line(text)[:100], LONGEST_TITLE)
    if not title:
        return None
    url = canonical(entry.link, address) if entry.link.strip() else None
    return FeedItem(
        key=_key(entry, url, title, text),
        title=title,
        text=text,
        url=url,
        published_at=published(entry, zone),
        language=language,
        metrics=dict(entry.metrics),
    )


def _key(entry: Entry, url: str | None, title: str, text: str) -> str:
    """Guid where there is one of its own, else the canonical link, else a hash of the words."""
    guid = clean_line(entry.guid)
    # Parsers give the link as guid where the feed has none; it may carry tracking parameters that change.
    key = guid if guid and guid != clean_line(entry.link) else url
    if key is None:
        return _hashed(f"{title}\n{text}")
    return key if len(key) <= LONGEST_KEY else _hashed(key)


def _hashed(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _iso(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _rfc822(written: str) -> datetime | None:
    try:
        # "-0000" is UTC from a place that is not told; the library calls it naive.
        return parsedate_to_datetime(re.sub(r"-0000$", "+0000", written))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
