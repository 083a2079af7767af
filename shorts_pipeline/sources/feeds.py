"""Feeds: what a feed's bytes say, as items."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from shorts_pipeline.sources.items import FoundItem, Where, items_of
from shorts_pipeline.sources.parse import parse


@dataclass(frozen=True)
class Feed:
    """A feed's items, each once, in its order; `dropped` counts repeats and entries without any words."""

    items: tuple[FoundItem, ...]
    dropped: int = 0


def read_feed(body: bytes, *, address: str, zone: tzinfo, content_type: str = "", now: datetime | None = None) -> Feed:
    """The items of the feed found at `address`; dates that say no zone are in `zone`.

    Raises `parse.UnreadableFeed` for anything that is no feed. A feed without entries is a feed.
    """
    parsed = parse(body, content_type)
    items = items_of(parsed.entries, Where(address, zone, now, parsed.language))
    return Feed(items, dropped=len(parsed.entries) - len(items))
