"""The files of the demo's web, and their dates moved to when they are read.

Four feeds; and one of each other kind of source: an API of single items, a listing, two boards, the search terms of two
countries. The pages that the feeds' links lead to are made of what the feeds say.

The files are dated around `REFERENCE`, the instant at which a reader of theirs sits down. Moved, that instant is
another one and every story is as old as before. Only dates of the format move; no text is changed.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Final

REFERENCE: Final = datetime.fromisoformat("2026-03-02T09:00:00+09:00")
ADDRESSES: Final = {
    "https://www.yna.co.kr/rss/news.xml": "wire_ko.xml",
    "https://yozm.wishket.com/magazine/feed/": "magazine_ko.xml",
    "https://techcrunch.com/feed/": "startups_en.xml",
    "https://www.theverge.com/rss/index.xml": "gadgets_en.xml",
}
"""The address that each feed answers for: those of the example channels."""
OTHERS: Final = {
    "https://trends.google.com/trending/rss?geo=KR": "trends_kr.xml",
    "https://trends.google.com/trending/rss?geo=US": "trends_us.xml",
    "https://lobste.rs/t/hardware": "board_hardware.html",
    "https://lobste.rs/t/security": "board_security.html",
}
"""The addresses of sources of other kinds, without those that answer in JSON."""
HACKER_NEWS: Final = "https://hacker-news.firebaseio.com/v0"
REDDIT: Final = "https://oauth.reddit.com/r"

_FOLDER = Path(__file__).parent
_RSS_DATE = re.compile(r"(?<=<pubDate>)[^<]+(?=</pubDate>)|(?<=<lastBuildDate>)[^<]+(?=</lastBuildDate>)")
_OTHER_DATE = re.compile(r'(?<=datetime=")[^"]+(?=")|(?<=title=")\d{4}-\d\d-\d\dT[^"]+(?=")')
_EPOCH = re.compile(r'(?<="time": )\d+|(?<="created_utc": )\d+')
_STORY = re.compile(r"<(item|entry)>(.*?)</\1>", re.S)
_TITLE = re.compile(r"<title[^>]*>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</title>", re.S)
_LINK = re.compile(r'<link>([^<]+)</link>|<link rel="alternate"[^>]*href="([^"]+)"')
_CONTENT = re.compile(r"<(content:encoded|content|description)(?:\s[^>]*)?>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</\1>", re.S)
_HTML = "text/html; charset=utf-8"
_XML = "application/xml; charset=utf-8"
_JSON = "application/json; charset=utf-8"
_ATOM_DATE = re.compile(r"(?<=<published>)[^<]+(?=</published>)|(?<=<updated>)[^<]+(?=</updated>)")


def documents(at: datetime) -> dict[str, bytes]:
    """Every feed as it is when `REFERENCE` is `at`, by its path on a mirror: /host/path."""
    by = timedelta(minutes=(at - REFERENCE) // timedelta(minutes=1))
    return {
        _path(address): moved((_FOLDER / file).read_text(encoding="utf-8"), by).encode()
        for address, file in ADDRESSES.items()
    }


@dataclass(frozen=True)
class Document:
    """What an address answers with."""

    body: bytes
    content_type: str = _XML


def everything(at: datetime) -> dict[str, Document]:
    """The whole web of the demo when `REFERENCE` is `at`, by path and query on a mirror."""
    feeds = {path: Document(body) for path, body in documents(at).items()}
    by = timedelta(minutes=(at - REFERENCE) // timedelta(minutes=1))
    others = {
        _path(address): Document(
            moved((_FOLDER / file).read_text(encoding="utf-8"), by).encode(), _HTML if file.endswith("html") else _XML
        )
        for address, file in OTHERS.items()
    }
    return {**dict(_pages()), **feeds, **others, **dict(_apis(by))}


def _apis(by: timedelta) -> Iterator[tuple[str, Document]]:
    items = json.loads(moved((_FOLDER / "hacker_news.json").read_text(encoding="utf-8"), by))
    yield _path(f"{HACKER_NEWS}/topstories.json"), _as_json([int(id_) for id_ in items])
    for id_, item in items.items():
        yield _path(f"{HACKER_NEWS}/item/{id_}.json"), _as_json(item)
    for subreddit, posts in json.loads(moved((_FOLDER / "reddit.json").read_text(encoding="utf-8"), by)).items():
        yield _path(f"{REDDIT}/{subreddit}/hot"), _as_json({"kind": "Listing", "data": {"children": posts}})


def _pages() -> Iterator[tuple[str, Document]]:
    """The page of every story of the feeds."""
    for file in ADDRESSES.values():
        for _, story in _STORY.findall((_FOLDER / file).read_text(encoding="utf-8")):
            title, link = _TITLE.search(story), _LINK.search(story)
            content = max((found[1] for found in _CONTENT.findall(story)), key=len, default="")
            if title and link:
                yield _path(link[1] or link[2]), Document(_page(title[1], content).encode(), _HTML)


def _page(title: str, content: str) -> str:
    markup = content if "<p>" in content else html.unescape(content)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body><nav>'
        f'<a href="/">Home</a></nav><article><h1>{title}</h1>{markup}</article></body></html>'
    )


def _as_json(value: object) -> Document:
    return Document(json.dumps(value, ensure_ascii=False).encode(), _JSON)


def _path(address: str) -> str:
    return "/" + address.partition("://")[2]


def moved(document: str, by: timedelta) -> str:
    """A document whose dates are `by` later, each still in its own time zone; nothing else is changed."""
    document = _RSS_DATE.sub(lambda found: format_datetime(parsedate_to_datetime(found[0]) + by), document)
    document = _OTHER_DATE.sub(lambda found: (datetime.fromisoformat(found[0]) + by).isoformat(), document)
    document = _EPOCH.sub(lambda found: str(int(found[0]) + round(by.total_seconds())), document)
    return _ATOM_DATE.sub(lambda found: (datetime.fromisoformat(found[0]) + by).isoformat(), document)
