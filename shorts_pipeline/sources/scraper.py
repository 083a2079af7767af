"""Scraper: what a page says, as entries, by the CSS selectors of its source's parser.

A page of 40,000 nested blocks takes seconds, so all but small ones are read in a process of their own (apart.py) that
is ended when its time is up.
"""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from shorts_pipeline.database.documents import SourceParser
from shorts_pipeline.database.documents.expressions import Selector, selector
from shorts_pipeline.sources.figures import figure
from shorts_pipeline.sources.parse import LONGEST_TEXT, MOST_ENTRIES, Entry, UnreadableFeed

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_NOT_A_PAGE = (b"{", b"[", b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8", b"PK\x03\x04")
# EUC-KR is what pages say; its superset is what they mean.
_MEANT = {"euc-kr": "cp949", "ks_c_5601-1987": "cp949", "euckr": "cp949", "iso-8859-1": "cp1252"}


class UnreadablePage(UnreadableFeed):
    """What came is no page, or has no items where the parser says."""


def read_page(body: bytes, parser: SourceParser, *, address: str, content_type: str = "") -> list[Entry]:
    """The entries of a page, links made absolute. Raises `UnreadablePage` for what is none."""
    from selectolax.lexbor import LexborHTMLParser

    if not body.strip():
        raise UnreadablePage("the answer is empty: not even a page without items")
    if body.lstrip().startswith(_NOT_A_PAGE):
        raise UnreadablePage(f"no page came but {content_type.partition(';')[0][:40] or 'something else'}")
    page = LexborHTMLParser(decoded(body, content_type))
    found = page.css(selector(parser.items).css) if parser.items else []
    if not found and (title := page.css_first("title")) is not None and len(body) < 1_000_000:
        # A board with nothing on it is rare; a page that asks to log in, or was rebuilt, is not.
        named = " ".join(title.text().split())[:100]
        raise UnreadablePage(f"no item is found by `{parser.items}` on the page “{named}”: check the parser")
    base = _base(page, address)
    entries = (_entry(node, parser, base) for node in found[:MOST_ENTRIES])
    return [entry for entry in entries if entry is not None]


def decoded(body: bytes, content_type: str) -> str:
    """The page's text, in the encoding that the answer or the page names and that fits its bytes."""
    header, meta = _CHARSET.search(content_type), _META_CHARSET.search(body[:4_096])
    named = [header[1] if header else "", meta[1].decode("ascii") if meta else "", "utf-8-sig", "cp949"]
    for name in filter(None, named):
        try:
            return body.decode(_MEANT.get(name.lower(), name))
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")


def _entry(node: "LexborNode", parser: SourceParser, base: str) -> Entry | None:
    if parser.skip and _first(node, selector(parser.skip)) is not None:
        return None
    link = _link(node, parser.link, base)
    figures = {name: figure(_words(node, getattr(parser, name))) for name in ("score", "comments", "traffic")}
    return Entry(
        guid=_words(node, parser.identity),
        link=link,
        title=_words(node, parser.title),
        text=_inside(node, parser.content),
        published=_words(node, parser.date)[:100],
        metrics={name: value for name, value in figures.items() if value is not None},
    )


def _first(node: "LexborNode", wanted: Selector) -> "LexborNode | None":
    """The node that a selector means within an item; one without the attribute that is asked for is none."""
    for each in [node] if not wanted.css else node.css(wanted.css):
        if wanted.attribute is None or wanted.attribute in each.attributes:
            return each
    return None


def _words(node: "LexborNode", written: str | None) -> str:
    """Text, or the attribute's value, of the first that the selector finds."""
    if written is None or (found := _first(node, wanted := selector(written))) is None:
        return ""
    text = found.attributes.get(wanted.attribute) if wanted.attribute else found.text(separator=" ")
    return " ".join((text or "").split())[:LONGEST_TEXT]


def _link(node: "LexborNode", written: str | None, base: str) -> str:
    """The link that the selector finds: without an attribute, where it leads."""
    if written is None or (found := _first(node, wanted := selector(written))) is None:
        return ""
    link = (found.attributes.get(wanted.attribute or "href") or "").strip()
    try:
        return urljoin(base, link)[:LONGEST_TEXT] if link else ""
    except ValueError:
        return ""


def _inside(node: "LexborNode", written: str | None) -> str:
    """The markup of all that the selector finds, or the attribute's value."""
    if written is None:
        return ""
    wanted = selector(written)
    if wanted.attribute or not wanted.css:
        return _words(node, written)
    found: list[str] = []
    for each in node.css(wanted.css):
        found.append((each.html or "")[:LONGEST_TEXT])
        if sum(map(len, found)) >= LONGEST_TEXT:
            break
    return "\n".join(found)[:LONGEST_TEXT]


def _base(page: Any, address: str) -> str:
    """What relative links are relative to."""
    named = page.css_first("base[href]")
    try:
        base = urljoin(address, (named.attributes.get("href") or "").strip()) if named is not None else address
        return base if urlsplit(base).scheme in {"http", "https"} else address
    except ValueError:
        return address
