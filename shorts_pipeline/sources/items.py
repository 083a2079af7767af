"""Items: one thing a source said, as it is safe to store, whatever it was read from.

An item has one identity within its source, a web address or none, and text without markup, in NFC and without
invisible characters. Readers give entries with everything as it was written; nothing else makes items. Which items are
worth anything is not decided here.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from urllib.parse import urldefrag, urljoin, urlsplit

from shorts_pipeline.language import clean_line, cut
from shorts_pipeline.sources.dates import as_on_a_page, epoch, iso, rfc822
from shorts_pipeline.sources.markup import plain
from shorts_pipeline.sources.parse import Entry, has_zone

LONGEST_TITLE = 500
LONGEST_TEXT = 20_000
LONGEST_KEY = 300
LONGEST_LINK = 2_000
LONGEST_DATE = 60
# Cleaning takes time that grows with the length; what is cut off would not be kept either.
_LOOKED_AT = 10 * LONGEST_TITLE
# Nothing in it that cleaning would touch; most links, told in a tenth of the time.
_PLAIN_LINK = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:/[\w~,.-]+)+/?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2}(?=$|[-_])", re.I)


@dataclass(frozen=True)
class FoundItem:
    """One thing a source said. `key` tells it from the source's other items; `published_at` is aware, or unknown."""

    key: str
    title: str
    text: str = ""
    url: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Where:
    """Where entries were found: links are relative to `address`, dates without a zone are in `zone`, `now` is now."""

    address: str
    zone: tzinfo = UTC
    now: datetime | None = None
    language: str | None = None


def items_of(entries: Iterable[Entry], where: Where) -> tuple[FoundItem, ...]:
    """The entries as items, each once, in their order; entries without any words are left out."""
    named = _LANGUAGE.match(where.language or "")
    language = named[0].lower() if named else None
    items: dict[str, FoundItem] = {}
    for entry in entries:
        item = _item(entry, where, language)
        if item is not None:
            items.setdefault(item.key, item)
    return tuple(items.values())


def canonical(link: str, base: str) -> str | None:
    """The link as an absolute http(s) address without tracking parameters; None for any other kind of link."""
    if _PLAIN_LINK.fullmatch(link):
        return link if len(link) <= LONGEST_LINK else None
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


def published(entry: Entry, where: Where) -> datetime | None:
    """When the entry was published, in UTC; a date that says no zone is the source's local time."""
    written = entry.published.strip()
    if len(written) > LONGEST_DATE:
        return None
    moment = epoch(written) or iso(written) or rfc822(written)
    if moment is None or (moment.tzinfo is None and has_zone(written)):
        # A zone known by name only, or a spelling that only feedparser reads.
        moment = iso(entry.published_utc) or moment
    if moment is None and written and where.now is not None:
        moment = as_on_a_page(written, where.now, where.zone)
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=where.zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _item(entry: Entry, where: Where, language: str | None) -> FoundItem | None:
    text = cut(plain(entry.text), LONGEST_TEXT)
    title = cut(clean_line(plain(entry.title[:_LOOKED_AT])) or clean_line(text[:_LOOKED_AT])[:100], LONGEST_TITLE)
    if not title:
        return None
    url = canonical(entry.link, where.address) if entry.link.strip() else None
    return FoundItem(
        key=_key(entry, url, title, text),
        title=title,
        text=text,
        url=url,
        published_at=published(entry, where),
        language=language,
        metrics=dict(entry.metrics),
    )


def _key(entry: Entry, url: str | None, title: str, text: str) -> str:
    """Guid where there is one of its own, else the canonical link, else a hash of the words."""
    guid = clean_line(entry.guid)
    # Parsers give the link as guid where the feed has none; it may carry tracking parameters that change.
    return short_key(guid if guid and guid != clean_line(entry.link) else url or hashed(f"{title}\n{text}"))


def short_key(key: str) -> str:
    """The key itself, or a hash of a long one."""
    return key if len(key) <= LONGEST_KEY else hashed(key)


def hashed(text: str) -> str:
    """A key made of words."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
