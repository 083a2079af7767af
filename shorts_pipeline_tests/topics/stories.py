"""Items and channels for the tests of this room."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from shorts_pipeline.database import Channel, Source, SourceItem, SourceRegion
from shorts_pipeline.topics.items import Item, Origin
from shorts_pipeline_tests.conftest import NINE_IN_SEOUL
from shorts_pipeline_tests.rows import a_channel

_numbers = count(1)


def a_desk_channel(session: Session, slug: str, *, gate: str = "auto", **topic_config: Any) -> Channel:
    """A Korean channel that keeps every story unless told otherwise, with an automatic topic gate."""
    config = {"queue": {"least_score": 0}, **topic_config}
    operation = {"review": {"topic": {"mode": gate}}}
    return a_channel(session, slug=slug, topic_config=config, operation_config=operation)


def an_item(session: Session, source: Source, title: str, *, hours_ago: float = 1, **over: Any) -> SourceItem:
    """A collected item, published `hours_ago` before nine in Seoul and read just then."""
    number = next(_numbers)
    row = SourceItem(
        **{
            "source_id": source.id,
            "item_key": f"item-{number}",
            "url": f"https://news.example.com/{number}",
            "title": title,
            "text": "",
            "published_at": NINE_IN_SEOUL - timedelta(hours=hours_ago),
            "fetched_at": NINE_IN_SEOUL,
            **over,
        }
    )
    session.add(row)
    session.flush()
    return row


def heard(title: str, text: str = "", *, told_at: datetime = NINE_IN_SEOUL, **over: Any) -> Item:
    """An item that no table has."""
    source = Origin(uuid4(), over.pop("source", "가상뉴스"), SourceRegion.DOMESTIC, over.pop("credibility", 6.0))
    return Item(uuid4(), source, title, text, "https://news.example.com/", told_at, told_at, **over)
