"""Parse: bytes of a feed in, raw entries out.

Reads RSS 0.9-2.0, Atom, RDF and JSON Feed: fastfeedparser first, feedparser where that fails. Entries are plain values
as the feed has them; feeds.py makes items of them. A hostile document of a few megabytes can hold a parser for minutes
(5 MB of attributes: 143 s in libxml2), so all but small ones are parsed in a process of their own that is ended when
its time is up; it runs this module.
"""

import json
import re
import subprocess
import sys
import time
from calendar import timegm
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax import SAXException

from shorts_pipeline.errors import RetryLater
from shorts_pipeline.sources.figures import figure

# The worst document of this size that we know takes about half a second.
SMALL_BYTES = 200_000
PARSE_SECONDS = 10.0
PARSE_MEMORY_BYTES = 2 * 1024**3
MOST_ENTRIES = 1_000
LONGEST_TEXT = 50_000
_PROJECT = Path(__file__).resolve().parents[2]

_HTML_NAMES = frozenset({b"html", b"head", b"body", b"div", b"!doctype html"})
_NAME = re.compile(rb"<(!doctype\s+[\w-]{1,40}|[\w:.-]{1,60})", re.I)
_DATES = re.compile(
    rb"<(?:[\w.-]{1,20}:)?(?:pubDate|published|updated|issued|modified|created|date)(?:\s[^<>]{0,200})?>"
    rb"\s*(?:<!\[CDATA\[)?([^<\]]{6,64})"
)
_ZONE = re.compile(r"(?:(?<![A-Za-z])(?:Z|UT|[A-Z]{3,4})|[+-]\d{2}:?\d{2}|T[\d:.]+[+-]\d{2})$", re.I)
_LANGUAGE = re.compile(
    rb"<(?:dc:)?language>\s*([a-zA-Z-]{2,20})\s*<|<feed\s[^<>]{0,500}xml:lang=[\"']([a-zA-Z-]{2,20})"
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", re.I)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)


class UnreadableFeed(RetryLater):
    """What came is not a feed: the message says what it is instead."""


@dataclass(frozen=True)
class Entry:
    """One entry as the feed has it: texts may hold markup, `published` is the feed's own spelling."""

    guid: str = ""
    link: str = ""
    title: str = ""
    text: str = ""
    published: str = ""
    published_utc: str = ""
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """A feed's entries in its order, at most `MOST_ENTRIES`, and the language it names."""

    entries: tuple[Entry, ...]
    language: str | None = None


def parse(body: bytes, content_type: str = "", *, seconds: float = PARSE_SECONDS) -> Parsed:
    """The entries of a feed. Raises `UnreadableFeed` for what is no feed, or takes longer than `seconds`."""
    if not body.strip():
        raise UnreadableFeed("the answer is empty: not even a feed without items")
    if _first_name(body) in _HTML_NAMES:
        raise UnreadableFeed(f"an HTML page came instead of a feed{_page_title(body)}")
    readable = as_readable(body, content_type)
    return parse_here(readable) if len(readable) <= SMALL_BYTES else _parse_apart(readable, seconds)


def parse_here(body: bytes) -> Parsed:
    """`parse` in this process, without a time limit: for small bodies, and for the process made for large ones."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(body)
    found = _fast(body)
    # fastfeedparser takes a date without a zone for UTC and forgets how it was written; feedparser keeps it.
    # A feed without entries is rare enough to be looked at twice: it may be one that broke off.
    # Google's trends (namespace ht) say how much a term is searched for, which only feedparser keeps.
    if found is None or not found.entries or has_zoneless_date(body) or b":approx_traffic>" in body:
        found = _thorough(body)
    return found


def has_zoneless_date(body: bytes) -> bool:
    """Whether any date of an XML feed says no time zone."""
    return any(not has_zone(match[1].decode("ascii", "replace")) for match in _DATES.finditer(body))


def has_zone(written: str) -> bool:
    """Whether a date, as it is written, says its time zone."""
    return bool(_ZONE.search(written.strip())) and not written.strip().upper().endswith(("AM", "PM"))


def as_readable(body: bytes, content_type: str) -> bytes:
    """The body, re-coded to UTF-8 where its bytes are not in the encoding it declares or implies.

    Korean feeds in EUC-KR often say so only in the HTTP header, or claim to be UTF-8.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return body
    declared = _DECLARED.match(body.lstrip()[:400])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name not in {"utf-8", "utf8", "us-ascii"}:
        return body
    header = _CHARSET.search(content_type)
    for encoding in ("utf-8", header[1] if header else "utf-8", "cp949"):
        try:
            text = body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        return body if encoding == "utf-8" else _DECLARED.sub(b"<?xml version='1.0'", text.encode(), count=1)
    return body


def _parse_apart(body: bytes, seconds: float) -> Parsed:
    command = [sys.executable, "-m", "shorts_pipeline.sources.parse"]
    try:
        done = subprocess.run(command, input=body, capture_output=True, timeout=seconds, cwd=_PROJECT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UnreadableFeed(f"the feed ({len(body):,} bytes) was not parsed within {seconds:g} seconds") from error
    if done.returncode != 0:
        raise UnreadableFeed(f"the feed ({len(body):,} bytes) could not be parsed within its memory")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise UnreadableFeed(answer["error"])
    return Parsed(tuple(Entry(**entry) for entry in answer["entries"]), answer["language"])


def _fast(body: bytes) -> Parsed | None:
    import fastfeedparser

    try:
        feed = fastfeedparser.parse(body, include_tags=False, include_media=False, include_enclosures=False)
        entries = tuple(_entry(entry) for entry in feed["entries"][:MOST_ENTRIES])
    except Exception:  # whatever a parser raises, the other one gets its turn
        return None
    return Parsed(entries, _named_language(body))


def _thorough(body: bytes) -> Parsed:
    import feedparser

    try:
        feed = feedparser.parse(body)
    except Exception as error:  # whatever a parser raises on odd bytes, it is this source's failure alone
        raise UnreadableFeed(f"what came is neither RSS, Atom, RDF nor JSON Feed ({type(error).__name__})") from error
    broken = bool(feed.bozo) and isinstance(feed.get("bozo_exception"), SAXException)
    if not feed.entries and (broken or not feed.version):
        raise UnreadableFeed(f"what came is no feed{', and breaks off' if broken else ''}{_page_title(body)}")
    entries = tuple(_entry(entry) for entry in feed.entries[:MOST_ENTRIES])
    return Parsed(entries, _named_language(body))


def _entry(found: Mapping[str, Any]) -> Entry:
    # A plain dict: feedparser's own answers for `updated` with `published`, and warns.
    entry = dict(found)
    content = next((part.get("value") for part in entry.get("content") or [] if part.get("value")), None)
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    return Entry(
        guid=_text(entry.get("id")),
        link=_text(entry.get("ht_news_item_url") or entry.get("link")),
        title=_text(entry.get("title")),
        text=_text(content or entry.get("summary") or entry.get("description") or entry.get("ht_news_item_title")),
        published=_text(entry.get("published") or entry.get("updated"))[:100],
        published_utc=_moment(moment),
        metrics=_metrics(entry),
    )


def _json_feed(body: bytes) -> Parsed:
    try:
        feed = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFeed("what came looks like JSON and is none") from error
    if "jsonfeed.org" not in _text(feed.get("version")) or not isinstance(feed.get("items"), list):
        raise UnreadableFeed("JSON came that is no JSON Feed")
    items = [item for item in feed["items"][:MOST_ENTRIES] if isinstance(item, dict)]
    entries = tuple(
        Entry(
            guid=_text(item.get("id")),
            link=_text(item.get("url") or item.get("external_url")),
            title=_text(item.get("title")),
            text=_text(item.get("content_html") or item.get("content_text") or item.get("summary")),
            published=_text(item.get("date_published") or item.get("date_modified"))[:100],
        )
        for item in items
    )
    return Parsed(entries, _text(feed.get("language")) or None)


def _text(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value[:LONGEST_TEXT] if isinstance(value, str) else ""


def _moment(parsed: time.struct_time | None) -> str:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC).isoformat() if parsed else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _metrics(entry: Mapping[str, Any]) -> dict[str, float]:
    comments = _text(entry.get("slash_comments")).strip()
    known = {"comments": float(comments)} if comments.isascii() and comments.isdigit() and len(comments) < 10 else {}
    traffic = figure(_text(entry.get("ht_approx_traffic")))
    return known if traffic is None else {**known, "traffic": traffic}


def _first_name(body: bytes) -> bytes:
    """The first element or document type, in lower case, past declaration and comments."""
    rest = body[:20_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    while rest.startswith((b"<!--", b"<?")):
        rest = rest.partition(b"-->" if rest.startswith(b"<!--") else b"?>")[2].lstrip()
    name = _NAME.match(rest)
    return b" ".join(name[1].lower().split()) if name else b""


def _named_language(body: bytes) -> str | None:
    """What the head of an XML feed says its language is; fastfeedparser reads it from RSS only as an attribute."""
    named = _LANGUAGE.search(body[:20_000])
    return (named[1] or named[2]).decode("ascii") if named else None


def _page_title(body: bytes) -> str:
    title = re.search(rb"<title[^>]{0,200}>([^<]{1,200})", body[:20_000], re.I)
    return f": “{' '.join(title[1].decode('utf-8', 'replace').split())[:100]}”" if title else ""


def _main() -> None:
    """Parse standard input and print the entries: what `_parse_apart` runs."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (PARSE_MEMORY_BYTES, PARSE_MEMORY_BYTES))
    try:
        answer: dict[str, Any] = asdict(parse_here(sys.stdin.buffer.read()))
    except UnreadableFeed as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main()
