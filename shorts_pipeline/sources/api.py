"""APIs: what a JSON answer says, as entries, by the JMESPath expressions of its source's parser.

The expressions are the source owner's, the answer is anybody's: of whatever kind a value is, it becomes text, a figure
or nothing; an item that cannot be read is left out and stops no other.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from shorts_pipeline.database.documents import SourceParser
from shorts_pipeline.database.documents.expressions import expression
from shorts_pipeline.sources.figures import figure
from shorts_pipeline.sources.items import short_key
from shorts_pipeline.sources.parse import LONGEST_TEXT, MOST_ENTRIES, Entry, UnreadableFeed

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
_WORDS_OF_A_LIST = 20
_ALL = "@"


class UnreadableAnswer(UnreadableFeed):
    """What came is no JSON, or holds no items where the parser says."""


def read_json(body: bytes, content_type: str = "") -> Any:
    """The document. Raises `UnreadableAnswer` for what is none."""
    if not body.strip():
        raise UnreadableAnswer("the answer is empty: not even JSON without items")
    if body.lstrip()[:1] == b"<":
        raise UnreadableAnswer("HTML or XML came instead of JSON")
    try:
        return json.loads(_text_of(body, content_type))
    except (ValueError, RecursionError) as error:
        raise UnreadableAnswer("what came is no JSON that can be read") from error


def entries_of(document: Any, parser: SourceParser) -> list[Entry]:
    """The items of a document, at most `MOST_ENTRIES`. Raises `UnreadableAnswer` where `items` is no list."""
    return [entry for each in found_items(document, parser) if (entry := entry_of(each, parser)) is not None]


def found_items(document: Any, parser: SourceParser) -> Sequence[Any]:
    """What stands under `items` (the document itself where none is given), at most `MOST_ENTRIES`."""
    found = _search(parser.items or _ALL, document)
    if not isinstance(found, list):
        kind = "nothing" if found is None else f"a {type(found).__name__}"
        raise UnreadableAnswer(f"`items` ({(parser.items or _ALL)[:80]}) is no list but {kind}: check the parser")
    return found[:MOST_ENTRIES]


def id_of(item: Any, parser: SourceParser) -> str:
    """What `detail_url` asks for: the item itself, where it is a plain value, else its `identity`; "" for neither."""
    plain = _text(item)
    return plain if plain or not isinstance(item, dict) else _value(parser.identity, item)


def entry_of(item: Any, parser: SourceParser, key: str | None = None) -> Entry | None:
    """One item; None for one that the parser skips, or that is nothing. `key`: its identity, known already."""
    if item is None or (parser.skip and _says_yes(_search(parser.skip, item))):
        return None
    figures = {name: _figure(getattr(parser, name), item) for name in ("score", "comments", "traffic")}
    return Entry(
        guid=key if key is not None else short_key(_value(parser.identity, item)),
        link=_value(parser.link, item),
        title=_value(parser.title, item),
        text=_value(parser.content, item),
        published=_value(parser.date, item)[:100],
        metrics={name: value for name, value in figures.items() if value is not None},
    )


def _search(written: str, document: Any) -> Any:
    from jmespath.exceptions import JMESPathError

    try:
        return expression(written).search(document)
    except (JMESPathError, RecursionError, TypeError, ValueError, ArithmeticError):
        # A function met a value of a kind it does not take: nothing is there.
        return None


def _value(written: str | None, item: Any) -> str:
    return "" if written is None else _text(_search(written, item))


def _figure(written: str | None, item: Any) -> float | None:
    return None if written is None else figure(_search(written, item))


def _text(value: Any) -> str:
    """A value as text: numbers without a needless .0, a list of plain values with commas, anything else as nothing."""
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, int):
        return str(value) if value.bit_length() < 64 else ""
    if isinstance(value, list):
        words = [_text(each) for each in value[:_WORDS_OF_A_LIST] if not isinstance(each, list)]
        return ", ".join(word for word in words if word)[:LONGEST_TEXT]
    return ""


def _says_yes(value: Any) -> bool:
    return value not in (None, False, 0, "", [], {})


def _text_of(body: bytes, content_type: str) -> str:
    named = _CHARSET.search(content_type)
    for encoding in (json.detect_encoding(body), named[1] if named else "utf-8", "cp949"):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")
